using System.Diagnostics;
using System.Globalization;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>A host as a process, as dmesh starts it.</summary>
internal sealed class HostUnderTest : IDisposable
{
    private const string Announcement = "listening ";

    private readonly Process _process;

    private HostUnderTest(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Starts a host and waits until it is ready.</summary>
    public static async Task<HostUnderTest> StartAsync(
        string folder, string assembly, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var home = Path.Combine(PerformancePage.Build("Hosts"), folder);
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(home, assembly + ".dll"), "--urls=http://127.0.0.1:0", "--AnnounceAddress=true", "--ExitWithStandardInput=true", .. arguments])
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return new HostUnderTest(process, line[Announcement.Length..].Trim());
            }
        }

        throw new InvalidOperationException($"{assembly} ended before it was ready");
    }

    /// <summary>The most memory that it has held so far. Linux only.</summary>
    public double PeakMebibytes()
    {
        const string Field = "VmHWM:";
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        var kibibytes = line[Field.Length..].Replace("kB", "", StringComparison.Ordinal);
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
