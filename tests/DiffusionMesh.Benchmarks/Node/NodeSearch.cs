using System.Diagnostics;
using System.Text.Json;

namespace DiffusionMesh.Benchmarks.Node;

/// <summary>best-of-n.mjs as a process that has its networks loaded.</summary>
internal sealed class NodeSearch : IDisposable
{
    private const string Runtime = "onnxruntime-node";

    private static readonly string Home = Path.Combine(FiguresPage.Build("RepositoryRoot"), "tests", "DiffusionMesh.Benchmarks", "Node");

    private readonly Process _process;

    private NodeSearch(Process process) => _process = process;

    /// <summary>The runtime's version, as it was installed.</summary>
    public static string RuntimeVersion
    {
        get
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Home, "node_modules", Runtime, "package.json")));
            return package.RootElement.GetProperty("version").GetString()!;
        }
    }

    /// <summary>Starts Node.js, after installing the script's packages if they are missing.</summary>
    /// <param name="denoiser">Its .onnx file.</param>
    /// <param name="verifier">Its .onnx file.</param>
    public static async Task<NodeSearch> StartAsync(string denoiser, string verifier, int steps, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(Home, "node_modules", Runtime)))
        {
            using var install = Start("npm", "ci", "--no-audit", "--no-fund");
            await install.WaitForExitAsync(cancellationToken);
        }

        return new NodeSearch(Start("node", "best-of-n.mjs", denoiser, verifier, $"{EmbeddedModel.ClassLabel}", $"{steps}"));
    }

    /// <returns>Seconds that the search took.</returns>
    public async Task<double> RunAsync(int images, int batch, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync($"{images} {batch}".AsMemory(), cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("best-of-n.mjs ended by itself");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.GetProperty("seconds").GetDouble();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Start(string program, params IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Home,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
