using System.Diagnostics;
using System.Text.Json;

namespace DiffusionMesh.Benchmarks.Node;

/// <summary><c>dmesh search</c> as a user runs it, against services that are running.</summary>
internal static class DmeshSearch
{
    /// <returns>Seconds that the search took, as its ledger says.</returns>
    public static async Task<double> RunAsync(string target, string verifier, int images, int steps, CancellationToken cancellationToken)
    {
        var output = Directory.CreateTempSubdirectory("dmesh-benchmark-");
        try
        {
            var start = new ProcessStartInfo(
                "dotnet",
                [
                    Path.Combine(FiguresPage.Build("Hosts"), "..", "dmesh.dll"), "search", "--target", target, "--out", output.FullName,
                    "--class", $"{EmbeddedModel.ClassLabel}", "--verifier", verifier, "--sampler", "euler",
                    "--steps", $"{steps}", "--guidance", "1", "--budget", $"{images * steps}",
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var said = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"dmesh ended with {process.ExitCode}: {string.Concat(said)}");
            }

            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output.FullName, "search.json"), cancellationToken));
            return document.RootElement.GetProperty("ledger").GetProperty("wall_seconds").GetDouble();
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}
