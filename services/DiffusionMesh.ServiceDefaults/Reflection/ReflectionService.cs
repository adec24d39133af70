using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Request = Grpc.Reflection.V1.ServerReflectionRequest.MessageRequestOneofCase;

namespace DiffusionMesh.ServiceDefaults.Reflection;

/// <summary>The gRPC server reflection protocol: tools list and call the services without our protos.</summary>
internal sealed class ReflectionService(ServiceDescriptors descriptors) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var response = Answer(requestStream.Current);
            response.ValidHost = requestStream.Current.Host;
            response.OriginalRequest = requestStream.Current;
            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    private static ServerReflectionResponse FileOrError(FileDescriptor? file, string name)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, $"'{name}' is not known");
        }

        // The file first, then all it imports, each once: what clients need to build its types.
        var files = new List<FileDescriptor>();
        Collect(file, files);
        return new() { FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files.Select(each => each.SerializedData) } } };
    }

    private static void Collect(FileDescriptor file, List<FileDescriptor> files)
    {
        if (files.Contains(file))
        {
            return;
        }

        files.Add(file);
        foreach (var dependency in file.Dependencies)
        {
            Collect(dependency, files);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        Request.ListServices => new()
        {
            ListServicesResponse = new ListServiceResponse { Service = { descriptors.Names.Select(name => new ServiceResponse { Name = name }) } },
        },
        Request.FileByFilename => FileOrError(descriptors.File(request.FileByFilename), request.FileByFilename),
        Request.FileContainingSymbol => FileOrError(descriptors.FileContaining(request.FileContainingSymbol), request.FileContainingSymbol),
        Request.FileContainingExtension or Request.AllExtensionNumbersOfType => Error(StatusCode.NotFound, "these contracts have no extensions"),
        _ => Error(StatusCode.InvalidArgument, "message_request: is required"),
    };
}
