using System.Text.RegularExpressions;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Functional.Tests.Fuzzing;
using DiffusionMesh.Orchestrator;
using Google.Protobuf;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>No text of a client becomes a path: whatever it sends, the orchestrator's folder holds what the orchestrator named.</summary>
public sealed partial class ClientPathTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-paths-");
    private RunningHost _denoiser = null!;
    private RunningHost _verifier = null!;
    private RunningHost _orchestrator = null!;

    public static TheoryData<string> Texts =>
    [
        "..", ".", "../escaped", "../../escaped", "/tmp/dmesh-escaped", "a/b", @"..\escaped", @"C:\escaped", "a\0b", "escaped\n", "~/escaped", "$HOME", "%2e%2e%2fescaped",
        "file:///etc/passwd", "con", new('x', 128), new('x', 5000), "lock", "searches",
    ];

    private SearchService.SearchServiceClient Client => new(_orchestrator.Channel);

    public async Task InitializeAsync()
    {
        _denoiser = await ScriptedServer.StartAsync(new ScriptedDenoiser());
        _verifier = await ScriptedServer.StartAsync(new ScriptedVerifier());
        _orchestrator = await RunningHost.StartAsync(
            OrchestratorHost.Build,
            $"--Orchestrator:DataDirectory={Path.Combine(_folder.FullName, "inner", "data")}",
            $"--Orchestrator:Denoiser={_denoiser.Address}",
            $"--Orchestrator:Verifiers:brightness={_verifier.Address}");
    }

    public async Task DisposeAsync()
    {
        await _orchestrator.DisposeAsync();
        await _verifier.DisposeAsync();
        await _denoiser.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_AsIdentifierNameOrPrompt_NamesNoFile(string text)
    {
        foreach (var method in SearchService.Descriptor.Methods.Where(method => method.InputType.FindFieldByName("search_id") is not null))
        {
            var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
            method.InputType.FindFieldByName("search_id").Accessor.SetValue(request, text);
            var error = await RawCall.FailureAsync(_orchestrator.Channel.CreateCallInvoker(), method, request.ToByteArray(), TimeSpan.FromSeconds(60));
            Assert.True(error?.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.Unimplemented, $"{method.Name}: {error?.Status}");
        }

        // What is a good name or prompt makes a search, what is not is refused: neither names a file.
        await TryAsync(new CreateSearchRequest { RequestId = text, Spec = OrchestratorMesh.Spec() });
        await TryAsync(new CreateSearchRequest { Spec = OrchestratorMesh.Spec(new VerifierSelection { Name = text, Address = _verifier.Address.ToString() }) });
        await TryAsync(new CreateSearchRequest { Spec = With(spec => spec.Condition.Prompt = text) });
        await TryAsync(new CreateSearchRequest { Spec = With(spec => spec.Model = text) });
        await TryAsync(new CreateSearchRequest { Spec = With(spec => spec.Algorithm = text) });
        await TryAsync(new CreateSearchRequest { Spec = With(spec => spec.Parameters[text] = text) });

        Assert.All(
            Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.FullName, file)),
            file => Assert.Matches(Kept(), file));
    }

    // What the orchestrator names itself; the last part for what is being written.
    [GeneratedRegex(@"^inner/data/(lock|owner|searches/(\.new-|\.deleted-)?[0-9a-f]{32}/(search\.json|journal\.jsonl|(images|latents)/[0-9a-z.-]+|[a-z.-]+)(\.new)?)$")]
    private static partial Regex Kept();

    private static SearchSpec With(Action<SearchSpec> change)
    {
        var spec = OrchestratorMesh.Spec();
        change(spec);
        return spec;
    }

    private async Task TryAsync(CreateSearchRequest request)
    {
        try
        {
            var search = (await Client.CreateSearchAsync(request)).Search;
            using var watch = Client.WatchSearch(new WatchSearchRequest { SearchId = search.Id });
            await watch.ResponseStream.ReadAllAsync().LastAsync();
        }
        catch (RpcException error)
        {
            Assert.True(error.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound, error.Status.ToString());
        }
    }
}
