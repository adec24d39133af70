using System.CommandLine;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>The option of every command that says how long the services that it starts may take.</summary>
internal static class StartTimeout
{
    private const double DefaultSeconds = 120;

    public static Option<double?> Option { get; } = Create();

    public static TimeSpan Read(ParseResult parse) => TimeSpan.FromSeconds(parse.GetValue(Option) ?? DefaultSeconds);

    private static Option<double?> Create()
    {
        var option = NumberOption.Create(
            "--start-timeout", "S", 0.001, 86_400, $"Seconds that services which this command starts may take until they are ready. Default: {DefaultSeconds:0}.");
        option.Recursive = true;
        return option;
    }
}
