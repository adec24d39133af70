using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Cli.Tests.Mesh;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Cli.Tests.Searching;

[Collection(nameof(MeshChannel))]
public sealed class ResumeRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmesh-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Resume_OfACompleteSearchWhoseImagesAreNotKept_SaysSoAndNotThatItGoesOn()
    {
        await using var server = await TlsServer.StartAsync<WithoutImages>();
        using var interruption = new Interruption();

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => ResumeRun.RunAsync(
            KeptSearch.Find(KeptFolder.Id), $"127.0.0.1:{server.Port}", Path.Combine(_folder, "out"), Terminal.For(json: true), interruption));

        Assert.Equal((ExitCode.Failed, WithoutImages.Why), (failure.ExitCode, failure.Message));
        Assert.Null(failure.Remedy);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    internal sealed class WithoutImages : SearchService.SearchServiceBase
    {
        public const string Why = "the images are no longer kept";

        public override Task<DescribeMeshResponse> DescribeMesh(DescribeMeshRequest request, ServerCallContext context) => Task.FromResult(SampleSearch.Mesh());

        public override Task<GetSearchResponse> GetSearch(GetSearchRequest request, ServerCallContext context) =>
            Task.FromResult(new GetSearchResponse { Search = KeptFolder.Ended(SearchState.Succeeded, StopReason.BudgetSpent) });

        public override Task<GetSearchImageResponse> GetSearchImage(GetSearchImageRequest request, ServerCallContext context) =>
            throw RpcErrors.FailedPrecondition("IMAGES_NOT_KEPT", Why);
    }
}
