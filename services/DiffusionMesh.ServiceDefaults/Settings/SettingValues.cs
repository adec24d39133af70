using System.ComponentModel;
using Microsoft.Extensions.Configuration;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>Finds values that are not of the type of their setting, before anything is bound.</summary>
internal static class SettingValues
{
    /// <summary>The path of each, and a sentence about it.</summary>
    public static IEnumerable<(string Path, string Text)> Problems(IConfiguration settings, Type type) =>
        SettingForm.EntryOf(type) is { } entry ? settings.GetChildren().SelectMany(child => Problems(child, entry))
        : SettingForm.IsWord(type) ? Problem(settings, type)
        : SettingForm.Properties(type).SelectMany(property => Problems(settings.GetSection(property.Name), property.PropertyType));

    private static IEnumerable<(string Path, string Text)> Problem(IConfiguration setting, Type type)
    {
        if (setting is IConfigurationSection { Value: { } value } section && !CanRead(value, type))
        {
            yield return (section.Path, $"{section.Path} is '{value}'; it must be {Kind(Nullable.GetUnderlyingType(type) ?? type)}");
        }
    }

    private static bool CanRead(string value, Type type)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Kind(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) ? $"a whole number of at most {int.MaxValue}"
        : type == typeof(long) ? $"a whole number of at most {long.MaxValue}"
        : type == typeof(double) ? "a number"
        : $"a {type.Name}";
}
