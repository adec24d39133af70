using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace DiffusionMesh.ServiceDefaults.Tests;

public sealed class ReflectionTests
{
    [Fact]
    public async Task ListServices_Host_NamesEveryMappedService()
    {
        var answer = await AskAsync(new ServerReflectionRequest { ListServices = "*" });

        Assert.Equal(
            ["diffusionmesh.verifier.v1.VerifierService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Theory]
    [InlineData("diffusionmesh.verifier.v1.VerifierService")]
    [InlineData("diffusionmesh.verifier.v1.VerifierService.Score")]
    [InlineData("diffusionmesh.verifier.v1.ScoreRequest")]
    [InlineData("diffusionmesh.verifier.v1.ImageKind")]
    public async Task FileContainingSymbol_Known_IsEnoughToBuildItsTypes(string symbol)
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });

        var files = answer.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToList();
        Assert.Equal("diffusionmesh/verifier/v1/verifier.proto", files[0].Name);
        var names = files.Select(file => file.Name).ToList();
        Assert.All(files.SelectMany(file => file.Dependency), dependency => Assert.Contains(dependency, names));
        FileDescriptor.BuildFromByteStrings(Enumerable.Reverse(files).Select(file => file.ToByteString()));
    }

    [Fact]
    public async Task FileByFilename_Known_IsReturned()
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileByFilename = "diffusionmesh/tensor/v1/tensor.proto" });

        Assert.Single(answer.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task FileContainingSymbol_Unknown_IsNotFound()
    {
        var answer = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "no.such.Symbol" });

        Assert.Equal((int)StatusCode.NotFound, answer.ErrorResponse.ErrorCode);
    }

    private static async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        await using var host = await DefaultsHost.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var answer = call.ResponseStream.Current;
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        return answer;
    }
}
