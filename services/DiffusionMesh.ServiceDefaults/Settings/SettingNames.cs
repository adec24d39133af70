using DiffusionMesh.Inference.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>Refuses names that no options have, in the sections that the host reads: a misspelt setting would do nothing.</summary>
internal sealed class SettingNames(IConfiguration configuration, IEnumerable<SettingsSection> sections) : IValidateOptions<ServiceDefaultsOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceDefaultsOptions options)
    {
        // Everybody's settings and the whole environment are at the root.
        var problems = sections
            .Where(section => section.Name.Length > 0)
            .GroupBy(section => section.Name, section => section.Options, StringComparer.OrdinalIgnoreCase)
            .SelectMany(section => Unknown(configuration.GetSection(section.Key), [.. section]))
            .ToArray();
        return problems.Length > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Unknown(IConfigurationSection settings, Type[] types)
    {
        var known = types.SelectMany(SettingForm.Properties).ToLookup(property => property.Name, property => property.PropertyType, StringComparer.OrdinalIgnoreCase);
        return settings.GetChildren().SelectMany(setting => known.Contains(setting.Key)
            ? Below(setting, [.. known[setting.Key]])
            : [Problem(settings, setting, [.. known.Select(property => property.Key).Order(StringComparer.Ordinal)])]);
    }

    private static IEnumerable<string> Below(IConfigurationSection setting, Type[] types)
    {
        if (types.Select(SettingForm.EntryOf).OfType<Type>().ToArray() is { Length: > 0 } entries)
        {
            return setting.GetChildren().SelectMany(entry => Below(entry, entries));
        }

        return types.Any(SettingForm.IsWord)
            ? setting.GetChildren().Select(child => $"{child.Path} is no setting: {setting.Path} is one value")
            : Unknown(setting, types);
    }

    private static string Problem(IConfigurationSection settings, IConfigurationSection setting, IReadOnlyList<string> known)
    {
        var near = NearWords.To(setting.Key.ToUpperInvariant(), known.Select(name => name.ToUpperInvariant()));
        return near.Count > 0
            ? $"{setting.Path} is no setting of this host; the nearest is {settings.Path}:{known.First(name => name.Equals(near[0], StringComparison.OrdinalIgnoreCase))}"
            : $"{setting.Path} is no setting of this host; those of {settings.Path} are {string.Join(", ", known)}";
    }
}
