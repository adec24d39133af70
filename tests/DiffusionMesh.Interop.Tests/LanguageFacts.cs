using DiffusionMesh.Tests;

namespace DiffusionMesh.Interop.Tests;

/// <summary>A fact that needs Python with gRPC: skipped where it is missing, except in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly bool IsMissing =
        !Tool.Runs(PythonStubs.Python, "-c", "import grpc, google.protobuf") || !Tool.Runs("protoc", "--version") || PythonStubs.Plugin is null;

    public PythonFactAttribute() => Skip = OutsideCi.Skip(IsMissing, "python3-grpcio, protobuf-compiler or protobuf-compiler-grpc is not installed");
}

/// <summary>A fact that needs Node.js: skipped where it is missing, except in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    private static readonly bool IsMissing =
        !Tool.Runs("node", "--version") || !Directory.Exists(Path.Combine(Repository.Root, "node_modules", "@grpc", "grpc-js"));

    public NodeFactAttribute() => Skip = OutsideCi.Skip(IsMissing, "Node.js or the packages of package.json are not installed");
}
