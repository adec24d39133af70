using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Verifiers that searches name by their address, and what becomes of them once the address is no longer allowed.</summary>
public sealed class NamedVerifierTests : IAsyncLifetime
{
    private const string Allowed = "--Orchestrator:VerifierAddresses:0=http://127.0.0.1:*";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-named-");
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answers = int.MaxValue;
    private ScriptedVerifier _verifier = null!;
    private RunningHost _denoiserHost = null!;
    private RunningHost _verifierHost = null!;

    public async Task InitializeAsync()
    {
        _verifier = new ScriptedVerifier
        {
            Describing = verifier => verifier.Name = "made up",
            Change = (response, _, context) => AnswerAsync(response.Scores.Count, context.CancellationToken),
        };
        _denoiserHost = await ScriptedServer.StartAsync(new ScriptedDenoiser());
        _verifierHost = await ScriptedServer.StartAsync(_verifier);
    }

    public async Task DisposeAsync()
    {
        await _denoiserHost.DisposeAsync();
        await _verifierHost.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Addresses_ThatClientsMadeUp_KeepNobodyOut()
    {
        await using var mesh = await StartAsync();
        for (var i = 0; i < 17; i++)
        {
            var spec = OrchestratorMesh.Spec(
                [.. Enumerable.Range(1, 16).Select(k => new VerifierSelection { Name = $"{k}", Address = $"http://127.1.{i}.{k}:1" })]);
            var refused = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(spec));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        }

        var search = await mesh.RunAsync(Spec());

        Assert.Equal(SearchState.Succeeded, search.State);
    }

    [Fact]
    public async Task Address_NoLongerAllowed_KeepsItsSearchFromBeingResumedAndReplayed()
    {
        SearchMessage complete, cancelled;
        await using (var mesh = await StartOpenAsync(Allowed))
        {
            complete = await mesh.RunAsync(Spec());
            cancelled = await StartAsync(mesh, answers: 0);
            await mesh.CancelAsync(cancelled.Id);
        }

        await using var now = await StartOpenAsync();
        var resumed = await Assert.ThrowsAsync<RpcException>(
            async () => await now.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = cancelled.Id }));
        var replayed = await Assert.ThrowsAsync<RpcException>(() => now.ReplayAsync(complete.Id));

        Assert.All([resumed, replayed], refusal => Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode));
        Assert.All([resumed, replayed], refusal => Assert.Contains("its setting Orchestrator:VerifierAddresses", refusal.Status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Address_NoLongerAllowed_EndsTheSearchThatIsTakenOn()
    {
        var search = await InterruptAsync(await StartOpenAsync(Allowed));
        var calls = _verifier.Calls.Count;

        await using var now = await StartOpenAsync();
        var end = (await now.WatchAsync(search.Id))[^1].SearchFinished;

        Assert.Equal(SearchState.Failed, end.State);
        Assert.StartsWith("verifier 'mine': its address ", end.Error, StringComparison.Ordinal);
        Assert.Equal(4 * ScriptedDenoiser.Steps, end.Ledger.NfeSearch);
        var entries = await now.Host.App.Services.GetRequiredService<ISearchStorage>().ReadAsync(search.Id, after: 0, CancellationToken.None);
        var paid = entries.Sum(entry => entry.Segment?.Nfe ?? 0);
        Assert.True(paid > end.Ledger.NfeSearch, "all that was sampled had been scored");
        Assert.Equal(paid + entries.Sum(entry => entry.WastedNfe), end.Ledger.NfeTotal);
        Assert.Equal(calls, _verifier.Calls.Count);
    }

    [Fact]
    public async Task Address_OnLoopback_IsStillAllowedAtTheNextStart()
    {
        var search = await InterruptAsync(await StartAsync());

        await using var now = await StartAsync();
        var end = (await now.WatchAsync(search.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Succeeded, ""), (end.State, end.Error));
    }

    [Fact]
    public async Task Scores_OfAVerifierThatASearchNames_AreMeasuredUnderNoNameOfItsOwn()
    {
        var names = new ConcurrentQueue<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "diffusionmesh.score.duration")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => names.Enqueue(tags[0].Value));
        listener.Start();
        await using var mesh = await StartAsync();

        await mesh.RunAsync(Spec());

        Assert.Contains("verifier", names);
        Assert.DoesNotContain("made up", names);
    }

    [Fact]
    public async Task Verifier_ThatRedirects_IsAskedOnce()
    {
        var asked = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        await using var redirecting = builder.Build();
        redirecting.Run(http =>
        {
            Interlocked.Increment(ref asked);
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            http.Response.Headers.Location = http.Request.Path.ToString();
            return Task.CompletedTask;
        });
        await redirecting.StartAsync();
        await using var mesh = await StartAsync();

        await Assert.ThrowsAsync<RpcException>(
            () => mesh.CreateAsync(OrchestratorMesh.Spec(new VerifierSelection { Name = "elsewhere", Address = redirecting.Urls.Single() })));

        Assert.Equal(1, asked);
    }

    private SearchSpec Spec() => OrchestratorMesh.Spec(new VerifierSelection { Name = "mine", Address = _verifierHost.Address.ToString().TrimEnd('/') });

    // Creates a search, and stops the orchestrator while it waits for scores of its second round.
    private async Task<SearchMessage> InterruptAsync(OrchestratorMesh mesh)
    {
        var search = await StartAsync(mesh, answers: 4);
        await mesh.DisposeAsync();
        Volatile.Write(ref _answers, int.MaxValue);
        return search;
    }

    // Creates a search whose verifier answers the check at creation, gives so many scores, and then is asked and does not answer.
    private async Task<SearchMessage> StartAsync(OrchestratorMesh mesh, int answers)
    {
        Volatile.Write(ref _answers, 1 + answers);
        var search = await mesh.CreateAsync(Spec());
        await _hangs.Task;
        return search;
    }

    private async Task AnswerAsync(int scores, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _answers, -scores) < 0)
        {
            _hangs.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    // One that others could reach: what searches name has to be on its list.
    private Task<OrchestratorMesh> StartOpenAsync(params string[] args) =>
        StartAsync(["--urls=http://0.0.0.0:0", "--Security:AllowPlaintext=true", .. args]);

    private Task<OrchestratorMesh> StartAsync(params string[] args) => OrchestratorMesh.StartAsync(
        _denoiserHost.Address,
        [],
        [$"--Orchestrator:DataDirectory={_data.FullName}", "--Orchestrator:ShutdownSeconds=0", "--Orchestrator:ScoreParallelism=1", .. args]);
}
