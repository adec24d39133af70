using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using static DiffusionMesh.Functional.Tests.Denoiser.SteppedHost;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class ModelAdminTests(DenoiserFixture denoiser)
{
    private const string On = "--Denoiser:Admin=true";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Admin_Off_IsDenied()
    {
        var admin = new ModelAdminService.ModelAdminServiceClient(denoiser.Host.Channel);

        foreach (var call in new Func<Task>[]
        {
            async () => await admin.LoadModelAsync(new LoadModelRequest { Folder = "fashion-flow" }),
            async () => await admin.UnloadModelAsync(new UnloadModelRequest { Name = "fashion-flow" }),
        })
        {
            var error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
            Assert.Contains("Denoiser:Admin=true", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LoadModel_AnotherVersion_ServesBesideTheOldOne()
    {
        await using var host = await StartAsync(On);
        host.AddFolder("second", "1.10");
        host.Network.Hold();
        var before = host.Network;
        var running = DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1)));
        await before.EnteredAsync();

        var loaded = (await host.Admin.LoadModelAsync(new LoadModelRequest { Folder = "second" })).Model;

        Assert.Equal((ModelName, "1.10", ModelState.Ready), (loaded.Name, loaded.Version, loaded.State));
        Assert.Equal("1.10", await VersionOfAsync(host, ModelName));
        Assert.Equal("1.9", await VersionOfAsync(host, ModelName + "@1.9"));
        Assert.Equal("1.10", await VersionOfAsync(host, ModelName + "@1.10"));
        var listed = (await host.Client.ListModelsAsync(new ListModelsRequest())).Models;
        Assert.Equal(["1.9", "1.10"], listed.Select(model => model.Version));

        // New calls go to the new version, and one that pins the old weights to the old one.
        Assert.Single(await DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1))));
        Assert.Single(before.Rows);
        before.Free();
        Assert.Single(await running);
        before.Hold();
        var pinned = Request(1, Many(1));
        pinned.ModelDigest = listed[0].Digest;
        var old = DenoiserFixture.SampleAsync(host.Client, pinned);
        await before.EnteredAsync();
        before.Free();
        Assert.Single(await old);
    }

    [Fact]
    public async Task LoadModel_TheSameVersion_ReplacesItAndDrains()
    {
        await using var host = await StartAsync(On);
        var (replaced, before) = (host.Served, host.Network);
        before.Hold();
        var running = DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1)));
        await before.EnteredAsync();

        await host.Admin.LoadModelAsync(new LoadModelRequest { Folder = "first" });

        Assert.NotSame(replaced, host.Served);
        Assert.Single((await host.Client.ListModelsAsync(new ListModelsRequest())).Models);
        Assert.Equal(1, replaced.Calls);
        before.Free();
        Assert.Single(await running);
        Assert.True(SpinWait.SpinUntil(() => replaced.IsGone, Limit));
        Assert.Single(await DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1))));
    }

    [Fact]
    public async Task LoadModel_BrokenFolder_KeepsWhatServes()
    {
        await using var host = await StartAsync(On);
        host.AddFolder("second", "2.0");
        await File.WriteAllTextAsync(Path.Combine(host.Repository, "second", "denoiser.onnx"), "spoilt");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Admin.LoadModelAsync(new LoadModelRequest { Folder = "second" }));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("MODEL_NOT_LOADED", RpcErrors.Detail<ErrorInfo>(error)!.Reason);
        Assert.Contains("denoiser.onnx has SHA-256", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("1.9", await VersionOfAsync(host, ModelName));
        Assert.Single(await DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1))));
    }

    [Theory]
    [InlineData("", StatusCode.InvalidArgument)]
    [InlineData("..", StatusCode.InvalidArgument)]
    [InlineData("../first", StatusCode.InvalidArgument)]
    [InlineData("/etc", StatusCode.InvalidArgument)]
    [InlineData("unknown", StatusCode.NotFound)]
    public async Task LoadModel_NoFolderOfTheRepository_IsRefused(string folder, StatusCode expected)
    {
        await using var host = await StartAsync(On);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Admin.LoadModelAsync(new LoadModelRequest { Folder = folder }));

        Assert.Equal(expected, error.StatusCode);
        Assert.Equal("folder", Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations).Field);
    }

    [Fact]
    public async Task UnloadModel_WhileACallRuns_WaitsForItAndGivesTheMemoryBack()
    {
        await using var host = await StartAsync(On);
        var (served, model) = WeakOf(host);
        host.Network.Hold();
        var running = DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1)));
        await host.Network.EnteredAsync();

        var unloading = host.Admin.UnloadModelAsync(new UnloadModelRequest { Name = ModelName }).ResponseAsync;
        var health = new Health.HealthClient(host.Host.Channel);
        using var watch = health.Watch(new HealthCheckRequest { Service = "diffusionmesh.denoiser.v1.DenoiserService/" + ModelName });
        Assert.True(await watch.ResponseStream.ReadAllAsync().AnyAsync(status => status.Status == HealthCheckResponse.Types.ServingStatus.NotServing));
        var error = await Assert.ThrowsAsync<RpcException>(() => DenoiserFixture.SampleAsync(host.Client, Request(2, Many(1))));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.False(unloading.IsCompleted);
        host.Network.Free();
        Assert.Single(await running);
        Assert.Equal("1.9", Assert.Single((await unloading).Models).Version);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !served.TryGetTarget(out _) && !model.TryGetTarget(out _);
            },
            Limit));
    }

    [Fact]
    public async Task UnloadModel_OneOfTwoVersions_LeavesTheOther()
    {
        await using var host = await StartAsync(On);
        host.AddFolder("second", "2.0");
        await host.Admin.LoadModelAsync(new LoadModelRequest { Folder = "second" });

        await host.Admin.UnloadModelAsync(new UnloadModelRequest { Name = ModelName, Version = "2.0" });

        Assert.Equal("1.9", await VersionOfAsync(host, ModelName));
        foreach (var (name, version, field) in new[] { (ModelName, "2.0", "version"), ("unknown", "", "name") })
        {
            var error = await Assert.ThrowsAsync<RpcException>(
                async () => await host.Admin.UnloadModelAsync(new UnloadModelRequest { Name = name, Version = version }));
            Assert.Equal(StatusCode.NotFound, error.StatusCode);
            Assert.Equal(field, Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations).Field);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference<object> Served, WeakReference<object> Model) WeakOf(SteppedHost host) => (new(host.Served), new(host.Served.Model));

    private static async Task<string> VersionOfAsync(SteppedHost host, string name) =>
        (await host.Client.GetModelAsync(new GetModelRequest { Name = name })).Model.Version;
}
