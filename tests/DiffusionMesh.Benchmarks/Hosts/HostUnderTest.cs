using System.Diagnostics;
using System.Globalization;

namespace DiffusionMesh.Benchmarks.Hosts;

/// <summary>A host as a process, as dmesh starts it, silent but for warnings.</summary>
internal sealed class HostUnderTest : IDisposable
{
    /// <summary>How the line begins in which a host says where it is, once it is ready.</summary>
    public const string Announcement = "listening ";

    // What Linux calls USER_HZ.
    private const double ClockTicksPerSecond = 100;

    private readonly Process _process;

    private HostUnderTest(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Most memory that it has held so far. Linux only.</summary>
    public double PeakMebibytes => Status("VmHWM:");

    /// <summary>Memory that it holds. Linux only.</summary>
    public double ResidentMebibytes => Status("VmRSS:");

    /// <summary>Processor time that it has used, to a hundredth of a second. Linux only.</summary>
    public double ProcessorSeconds
    {
        get
        {
            // The second field, a name in brackets, may hold spaces; utime and stime are the 14th and the 15th.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ClockTicksPerSecond;
        }
    }

    /// <summary>Starts a host of the product and waits until it is ready.</summary>
    public static Task<HostUnderTest> StartAsync(string folder, string assembly, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        LaunchAsync(Path.Combine(FiguresPage.Build("Hosts"), folder, assembly + ".dll"), arguments, cancellationToken);

    /// <summary>Starts one of the hosts that stand in for a part of the product, and waits until it is ready.</summary>
    /// <param name="name">One of <see cref="StandInHosts"/>.</param>
    public static Task<HostUnderTest> StartStandInAsync(string name, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        LaunchAsync(typeof(HostUnderTest).Assembly.Location, [StandInHosts.Command, name, .. arguments], cancellationToken);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<HostUnderTest> LaunchAsync(string library, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] common = ["--urls=http://127.0.0.1:0", "--AnnounceAddress=true", "--ExitWithStandardInput=true", "--Logging:LogLevel:Default=Warning"];
        var start = new ProcessStartInfo("dotnet", [library, .. arguments, .. common])
        {
            WorkingDirectory = Path.GetDirectoryName(library),
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

        throw new InvalidOperationException($"{library} ended before it was ready");
    }

    private double Status(string field)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
