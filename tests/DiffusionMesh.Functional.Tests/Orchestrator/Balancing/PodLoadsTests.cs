using DiffusionMesh.Orchestrator.Mesh.Balancing;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

public sealed class PodLoadsTests
{
    private static readonly string[] Pods = ["a", "b", "c"];

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(1, 0, 2)]
    [InlineData(0, 0, 2)]
    [InlineData(1, 1, 0)]
    public void Choose_IdlePods_TiesAreBrokenByChance(int second, int third, int chosen)
    {
        // The first draw is between no rivals; that of the n-th pod is won with 0.
        var loads = new PodLoads(_time, new ScriptedRandom(second, third));

        Assert.Equal(chosen, loads.Choose(Pods, call: null));
    }

    [Fact]
    public void Choose_EqualPods_TakesTheOneWithLeastInFlight()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Occupy(loads, "a", 5);
        Occupy(loads, "b", 2);
        Occupy(loads, "c", 4);

        using var call = CallRoute.Begin(1);
        loads.Choose(Pods, call);

        Assert.Equal("b", call.Pod);
        Assert.Equal((3, 3), (call.Ahead, loads.InFlight("b")));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1.3, false)]
    [InlineData(2, true)]
    public void Differ_OneMeasuredPodIsSlower_SaysWhetherByMuch(double slowness, bool expected)
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Measure("a", 0.1);
        var before = loads.Differ;
        Measure("b", 0.1 * slowness);

        Assert.False(before);
        Assert.Equal(expected, loads.Differ);

        void Measure(string pod, double seconds)
        {
            using var call = CallRoute.Begin(1);
            loads.Choose([pod], call);
            _time.Pass(seconds);
            call.Succeed();
        }
    }

    [Fact]
    public void Choose_PodThatIsThreeTimesAsFast_GetsThreeTimesAsMuch()
    {
        var loads = new PodLoads(_time, new Random(7));
        string[] pods = ["slow", "fast"];
        var done = new Dictionary<string, int> { ["slow"] = 0, ["fast"] = 0 };
        var queues = new Dictionary<string, Queue<CallRoute>> { ["slow"] = new(), ["fast"] = new() };
        for (var i = 0; i < 6; i++)
        {
            Send();
        }

        // A unit takes the fast pod one tick, the slow one three.
        for (var tick = 1; tick <= 1_200; tick++)
        {
            _time.Pass(0.01);
            foreach (var pod in pods)
            {
                if ((pod == "fast" || tick % 3 == 0) && queues[pod].TryDequeue(out var call))
                {
                    call.Succeed();
                    call.Dispose();
                    done[pod]++;
                    Send();
                }
            }
        }

        Assert.InRange((double)done["fast"] / done["slow"], 2.7, 3.3);

        void Send()
        {
            var call = CallRoute.Begin(1);
            queues[pods[loads.Choose(pods, call)]].Enqueue(call);
        }
    }

    [Fact]
    public void Choose_PodThatFailed_IsAvoidedThenAskedByOneCallThenUsedAgain()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Fail(loads, "a");

        Assert.Equal("b", PodOf(loads, ["a", "b"]));
        _time.Pass(1.1);
        Occupy(loads, "b", 1);
        using var probe = CallRoute.Begin(1);
        loads.Choose(["a", "b"], probe);
        Assert.Equal("a", probe.Pod);
        probe.Advance(1);
        Assert.Equal("b", PodOf(loads, ["a", "b"]));
        _time.Pass(0.1);
        probe.Succeed();
        Assert.Equal("a", PodOf(loads, ["a", "b"]));
    }

    [Fact]
    public void Choose_PodThatFailsAgainAndAgain_IsAvoidedLongerAndLonger()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Occupy(loads, "b", 1);
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Fail(loads, "a");
            _time.Pass(seconds - 0.1);
            Assert.Equal("b", PodOf(loads, ["a", "b"]));
            _time.Pass(0.2);
        }
    }

    [Fact]
    public void Choose_AllPodsFailed_TakesOneAllTheSame()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Fail(loads, "a");

        Assert.Equal("a", PodOf(loads, ["a"]));
    }

    [Fact]
    public void Choose_PodWithOtherWeights_IsAvoidedByCallsThatPinTheSameAlone()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Occupy(loads, "b", 1);
        using (var call = CallRoute.Begin(1, "digest"))
        {
            loads.Choose(["a", "b"], call);
            call.Mismatch();
        }

        Assert.Equal("b", PodOf(loads, ["a", "b"], "digest"));
        Assert.Equal("a", PodOf(loads, ["a", "b"], "other"));
        _time.Pass(31);
        Assert.Equal("a", PodOf(loads, ["a", "b"], "digest"));
    }

    [Fact]
    public void Choose_ShunnedPod_IsTakenOnlyIfThereIsNoOther()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Occupy(loads, "b", 9);
        using var call = CallRoute.Begin(1, shunned: ["a"]);
        using var elsewhere = CallRoute.Begin(1, shunned: ["a"], onlyElsewhere: true);

        Assert.Equal([1, 0], [loads.Choose(["a", "b"], call), loads.Choose(["a"], call)]);
        Assert.Equal([1, -1], [loads.Choose(["a", "b"], elsewhere), loads.Choose(["a"], elsewhere)]);
    }

    [Fact]
    public void Choose_PodThatHangs_GetsNothingMoreBeforeItFails()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Measure(loads, "a", seconds: 1);
        Measure(loads, "b", seconds: 1);
        Occupy(loads, "a", 1);
        Occupy(loads, "b", 4);

        Assert.Equal("a", PodOf(loads, ["a", "b"]));
        _time.Pass(40);

        // The one has worked for 40 seconds on its unit, the other for as long on four.
        Assert.Equal("b", PodOf(loads, ["a", "b"]));
    }

    [Fact]
    public void Choose_PodThatWasSlowOnce_IsTriedAgainLater()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Measure(loads, "a", seconds: 100);
        Measure(loads, "b", seconds: 1);
        Occupy(loads, "b", 4);
        Assert.Equal("b", PodOf(loads, ["a", "b"]));

        _time.Pass(3);
        Occupy(loads, "b", 1);
        _time.Pass(97);

        Assert.Equal("a", PodOf(loads, ["a", "b"]));
    }

    [Fact]
    public void Keep_PodsThatAreGone_AreForgotten()
    {
        var loads = new PodLoads(_time, new ScriptedRandom());
        Occupy(loads, "a", 3);

        loads.Keep(["b"]);

        Assert.Equal(0, loads.InFlight("a"));
    }

    private static string? PodOf(PodLoads loads, string[] pods, string pins = "")
    {
        using var call = CallRoute.Begin(1, pins);
        loads.Choose(pods, call);
        return call.Pod;
    }

    private static void Occupy(PodLoads loads, string pod, double work) => loads.Choose([pod], CallRoute.Begin(work));

    private static void Fail(PodLoads loads, string pod)
    {
        using var call = CallRoute.Begin(1);
        loads.Choose([pod], call);
        call.Fail();
    }

    private void Measure(PodLoads loads, string pod, double seconds)
    {
        using var call = CallRoute.Begin(1);
        loads.Choose([pod], call);
        _time.Pass(seconds);
        call.Succeed();
    }
}
