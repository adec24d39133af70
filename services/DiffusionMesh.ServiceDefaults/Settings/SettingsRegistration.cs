using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>The one way in which hosts read their settings.</summary>
public static class SettingsRegistration
{
    /// <summary>
    /// Reads options from a section, checks them by their attributes when the host starts, and has names of the section that
    /// no options have refused then.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="section">Several options may share one; empty for the root, of which names that nobody has are not refused.</param>
    /// <exception cref="OptionsValidationException">A value cannot be read as what it must be.</exception>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this WebApplicationBuilder builder, string section)
        where TOptions : class
    {
        var problems = SettingValues.Problems(section.Length == 0 ? builder.Configuration : builder.Configuration.GetSection(section), typeof(TOptions)).ToArray();
        if (problems.Length > 0)
        {
            throw new OptionsValidationException(section, typeof(TOptions), problems);
        }

        builder.Services.AddSingleton(new SettingsSection(section, typeof(TOptions)));
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new SettingRules<TOptions>(section));
        return builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }
}
