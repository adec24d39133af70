using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>Keeps off the console what the framework writes of a start that fails: <see cref="HostRun"/> says why in a sentence.</summary>
/// <remarks>Whatever else listens to the log, such as a collector, gets it whole.</remarks>
internal sealed class StartLog : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Categories = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    private volatile bool _isStarting;

    /// <summary>Whether the host starts, by <see cref="HostRun"/>.</summary>
    public bool IsStarting
    {
        get => _isStarting;
        set => _isStarting = value;
    }

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            options.Rules[i] = Quieted(options.Rules[i]);
        }

        if (!options.Rules.Any(rule => rule is { ProviderName: null, CategoryName: null }))
        {
            options.Rules.Add(Quieted(new LoggerFilterRule(null, null, options.MinLevel, null)));
        }
    }

    private LoggerFilterRule Quieted(LoggerFilterRule rule) => new(
        rule.ProviderName,
        rule.CategoryName,
        rule.LogLevel,
        (provider, category, level) => (rule.Filter?.Invoke(provider, category, level) ?? true) && !IsRepeated(provider, category, level));

    private bool IsRepeated(string? provider, string? category, LogLevel level) =>
        IsStarting && level >= LogLevel.Error && provider == typeof(ConsoleLoggerProvider).FullName && Categories.Contains(category);
}
