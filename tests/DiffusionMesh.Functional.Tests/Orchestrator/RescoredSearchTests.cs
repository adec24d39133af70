using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Rpc;
using Grpc.Core;
using Candidate = DiffusionMesh.Contracts.SearchV1.Candidate;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of images that other verifiers score.</summary>
public sealed class RescoredSearchTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-rescored-");
    private readonly ScriptedDenoiser _denoiser = new();
    private readonly ScriptedVerifier _dark = new() { Scoring = brightness => 1 - brightness };
    private readonly ScriptedVerifier _predicting = new()
    {
        Describing = verifier => verifier.Images.Add(new ImageRequirement { Name = "early", Kind = ImageKind.XPrediction, NoiseLevel = .5 }),
    };

    private RunningHost _denoiserHost = null!;
    private RunningHost[] _verifiers = null!;
    private OrchestratorMesh _mesh = null!;

    public async Task InitializeAsync()
    {
        _denoiserHost = await ScriptedServer.StartAsync(_denoiser);
        _verifiers = await Task.WhenAll(((ScriptedVerifier[])[new(), _dark, _predicting]).Select(verifier => ScriptedServer.StartAsync(verifier)));
        _mesh = await OrchestratorMesh.StartAsync(
            _denoiserHost.Address,
            [("brightness", _verifiers[0].Address), ("dark", _verifiers[1].Address), ("predicting", _verifiers[2].Address)],
            [$"--Orchestrator:DataDirectory={_data.FullName}"]);
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _denoiserHost.DisposeAsync();
        await Task.WhenAll(_verifiers.Select(verifier => verifier.DisposeAsync().AsTask()));
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task RescoreSearch_DenoiserDown_ScoresEveryCandidateWithoutSampling()
    {
        var spec = OrchestratorMesh.Spec();
        spec.KBest = 3;
        var search = await _mesh.RunAsync(spec);
        await _denoiserHost.DisposeAsync();

        var scored = await RescoreAsync(search.Id, "dark");
        var (candidates, summary) = (scored[..^1].ConvertAll(response => response.Candidate), scored[^1].Summary);

        Assert.Equal(search.Candidates.Select(candidate => (candidate.Id, candidate.PixelDigest)), candidates.Select(candidate => (candidate.CandidateId, candidate.PixelDigest)));
        Assert.Equal(search.Candidates.Select(candidate => 1 - Brightness(candidate)), candidates.Select(candidate => candidate.Scores.Single().Value));
        Assert.Equal(
            search.Candidates.OrderBy(Brightness).Take(3).Select(candidate => candidate.Id),
            summary.Best.Select(best => best.CandidateId));
        Assert.Equal((0L, 0L, 12L), (summary.Ledger.NfeTotal, summary.Ledger.NetworkRows, summary.Ledger.VerifierCalls["dark"]));
        Assert.Equal(("dark", ScriptedVerifier.Digest), (summary.Verifiers[0].Name, summary.Verifiers[0].WeightsDigest));
        Assert.Equal(12, _denoiser.Answered);
        Assert.Equal(search, (await _mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search);
    }

    [Fact]
    public async Task RescoreSearch_BySeveral_LetsThemChooseTogether()
    {
        var search = await _mesh.RunAsync(OrchestratorMesh.Spec());

        var summary = (await RescoreAsync(search.Id, "dark", "brightness"))[^1].Summary;

        // Each ranks the other way round: the mean rank is the same for all.
        Assert.Equal(6.5, Assert.Single(summary.Best).SearchScore);
        Assert.Equal(["dark", "brightness"], summary.Best[0].Scores.Select(score => score.Verifier));
    }

    [Fact]
    public async Task RescoreSearch_VerifierThatLies_LeavesTheScoreOut()
    {
        var search = await _mesh.RunAsync(OrchestratorMesh.Spec());
        var call = 0;
        var liar = await ScriptedServer.StartAsync(new ScriptedVerifier { Scoring = brightness => Interlocked.Increment(ref call) == 1 ? 7 : brightness });
        await using var host = liar;

        var scored = await RescoreAsync(search.Id, new VerifierSelection { Name = "liar", Address = liar.Address.ToString() });

        Assert.Contains("outside the declared range", Assert.Single(scored[..^1], response => response.Candidate.Scores[0].Error.Length > 0).Candidate.Scores[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RescoreSearch_ThatCannotBe_SaysWhy()
    {
        var search = await _mesh.RunAsync(OrchestratorMesh.Spec());

        var unknown = await Assert.ThrowsAsync<RpcException>(() => RescoreAsync(search.Id, "none"));
        var without = await Assert.ThrowsAsync<RpcException>(() => RescoreAsync(search.Id, Array.Empty<string>()));
        var pinned = await Assert.ThrowsAsync<RpcException>(() => RescoreAsync(search.Id, new VerifierSelection { Name = "dark", WeightsDigest = "sha256:other" }));
        var predictions = await Assert.ThrowsAsync<RpcException>(() => RescoreAsync(search.Id, "predicting"));
        Directory.Delete(Path.Combine(_data.FullName, "searches", search.Id, "images"), recursive: true);
        var images = await Assert.ThrowsAsync<RpcException>(() => RescoreAsync(search.Id, "dark"));
        var image = await Assert.ThrowsAsync<RpcException>(() => _mesh.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id }).ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, "verifiers[0].name"), (unknown.StatusCode, Field(unknown)));
        Assert.Contains("brightness, dark, predicting", RpcErrors.Detail<BadRequest>(unknown)!.FieldViolations[0].Description, StringComparison.Ordinal);
        Assert.Equal((StatusCode.InvalidArgument, "verifiers"), (without.StatusCode, Field(without)));
        Assert.Equal("WEIGHTS_DIGEST_MISMATCH", RpcErrors.Detail<ErrorInfo>(pinned)?.Reason);
        Assert.Equal("IMAGES_NOT_KEPT", RpcErrors.Detail<ErrorInfo>(predictions)?.Reason);
        Assert.Contains("noise level 0.5", predictions.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("IMAGES_NOT_KEPT", RpcErrors.Detail<ErrorInfo>(images)?.Reason);
        Assert.Equal("IMAGES_NOT_KEPT", RpcErrors.Detail<ErrorInfo>(image)?.Reason);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => RescoreAsync(new string('0', 32), "dark"))).StatusCode);
    }

    [Fact]
    public async Task RescoreSearch_ThatHasNotEnded_IsRefused()
    {
        var open = new TaskCompletionSource();
        var denoiser = new ScriptedDenoiser { BeforeAnswer = (_, context) => open.Task.WaitAsync(context.CancellationToken) };
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, new ScriptedVerifier());
        var search = await mesh.CreateAsync(OrchestratorMesh.Spec());

        using var call = mesh.Client.RescoreSearch(new RescoreSearchRequest { SearchId = search.Id, Verifiers = { new VerifierSelection { Name = "brightness" } } });
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        open.SetResult();
        await mesh.WatchAsync(search.Id);

        Assert.Equal("SEARCH_NOT_ENDED", RpcErrors.Detail<ErrorInfo>(error)?.Reason);
    }

    private static double Brightness(Candidate candidate) => candidate.Scores.Single().Value;

    private static string? Field(RpcException error) => RpcErrors.Detail<BadRequest>(error)?.FieldViolations[0].Field;

    private Task<List<RescoreSearchResponse>> RescoreAsync(string id, params string[] verifiers) =>
        RescoreAsync(id, [.. verifiers.Select(verifier => new VerifierSelection { Name = verifier })]);

    private async Task<List<RescoreSearchResponse>> RescoreAsync(string id, params VerifierSelection[] verifiers)
    {
        using var call = _mesh.Client.RescoreSearch(new RescoreSearchRequest { SearchId = id, Verifiers = { verifiers } });
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }
}
