using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>The one way in which hosts read their settings.</summary>
public static class SettingsRegistration
{
    /// <summary>
    /// Reads options from a section, checks them by their attributes when the host starts, and has names of the section that
    /// no options have refused then, as are values that cannot be read as what they must be: all that is wrong at once.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="section">Several options may share one; empty for the root, of which names that nobody has are not refused.</param>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class
    {
        builder.Services.AddSingleton(new SettingsSection(section, typeof(TOptions)));
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new SettingRules<TOptions>(section));
        var options = builder.Services.AddOptions<TOptions>().ValidateOnStart();
        var unreadable = Unreadable<TOptions>(builder, section);
        return unreadable.Length == 0
            ? options.BindConfiguration(section)
            : options.Configure(bound => Readable<TOptions>(builder, section).Bind(bound)).Refuse(unreadable);
    }

    /// <summary>What <see cref="AddSettings{TOptions}"/> reads, for what has to know it before the host is built. Nothing is refused yet.</summary>
    public static TOptions ReadSettings<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class, new()
    {
        var options = new TOptions();
        Readable<TOptions>(builder, section).Bind(options);
        return options;
    }

    private static OptionsBuilder<TOptions> Refuse<TOptions>(this OptionsBuilder<TOptions> options, IEnumerable<(string Path, string Text)> unreadable)
        where TOptions : class =>
        unreadable.Aggregate(options, static (options, problem) => options.Validate(static _ => false, problem.Text));

    private static (string Path, string Text)[] Unreadable<TOptions>(WebApplicationBuilder builder, string section) =>
        [.. SettingValues.Problems(Section(builder.Configuration, section), typeof(TOptions))];

    // Less the values that cannot be read: at one of them the binder would stop.
    private static IConfiguration Readable<TOptions>(WebApplicationBuilder builder, string section)
    {
        var unreadable = Unreadable<TOptions>(builder, section).Select(problem => problem.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Section(
            unreadable.Count == 0
                ? builder.Configuration
                : new ConfigurationBuilder().AddInMemoryCollection(builder.Configuration.AsEnumerable().Where(setting => !unreadable.Contains(setting.Key))).Build(),
            section);
    }

    private static IConfiguration Section(IConfiguration configuration, string section) =>
        section.Length == 0 ? configuration : configuration.GetSection(section);
}
