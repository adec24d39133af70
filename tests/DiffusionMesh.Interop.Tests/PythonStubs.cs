namespace DiffusionMesh.Interop.Tests;

/// <summary>What protoc generates for Python, in a temporary folder.</summary>
internal sealed class PythonStubs : IDisposable
{
    /// <summary>The system's Python: the one that the distribution's gRPC package belongs to.</summary>
    public const string Python = "/usr/bin/python3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("python-stubs-");

    /// <summary>The generator of gRPC stubs, or null if it is not installed.</summary>
    public static string? Plugin { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "grpc_python_plugin"))
        .FirstOrDefault(File.Exists);

    /// <summary>Where the stubs are.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Generates stubs for files, named relative to a folder of protos.</summary>
    public async Task GenerateAsync(string protos, params IEnumerable<string> files) => await Tool.RunAsync(
        "protoc",
        [
            $"--proto_path={Path.Combine(Repository.Root, protos)}",
            $"--plugin=protoc-gen-grpc_python={Plugin}",
            $"--python_out={_folder.FullName}",
            $"--grpc_python_out={_folder.FullName}",
            .. files,
        ]);

    /// <summary>Runs a script that imports the stubs.</summary>
    public Task<string> RunAsync(string script, params string[] arguments) =>
        Tool.RunAsync(Python, ["-B", Repository.Sample(script), .. arguments], ("PYTHONPATH", _folder.FullName));

    public void Dispose() => _folder.Delete(recursive: true);
}
