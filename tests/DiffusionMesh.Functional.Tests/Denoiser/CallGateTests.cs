using DiffusionMesh.Denoiser.Engine;

namespace DiffusionMesh.Functional.Tests.Denoiser;

public sealed class CallGateTests
{
    [Fact]
    public void Enter_WhileTheCallIsCounted_TheEngineAlreadyKnowsThatOneComes()
    {
        using var gate = new CallGate();
        var known = false;

        gate.Enter(EngineBench.Call("a", 1, 1, guided: false, shape: null, new CallTerms()), () => known = gate.HasChanged);

        Assert.True(known);
    }

    [Fact]
    public void Enter_CallThatIsNotAdmitted_ChangesNothing()
    {
        using var gate = new CallGate();
        var joined = 0;

        Assert.Throws<InvalidOperationException>(() => gate.Enter(
            EngineBench.Call("a", 1, 1, guided: false, shape: null, new CallTerms()), () => throw new InvalidOperationException("no room")));
        gate.Exchange(_ => joined++, _ => joined++);

        Assert.Equal((0, false), (joined, gate.HasChanged));
    }
}
