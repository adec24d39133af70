using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>Checks options, and those within them, by the attributes of their properties; names each that is wrong in full.</summary>
internal sealed class SettingRules<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options) => SettingRules.Problems(section, options).ToArray() is { Length: > 0 } problems
        ? ValidateOptionsResult.Fail(problems)
        : ValidateOptionsResult.Success;
}

internal static class SettingRules
{
    /// <summary>One sentence for each value that its attributes refuse.</summary>
    public static IEnumerable<string> Problems(string path, object options)
    {
        foreach (var property in SettingForm.Properties(options.GetType()))
        {
            var (name, value) = (SettingForm.Path(path, property.Name), property.GetValue(options));
            foreach (var rule in property.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
            {
                yield return Text(rule, name, value);
            }

            foreach (var problem in Within(name, property.PropertyType, value))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Within(string path, Type type, object? value) => value switch
    {
        null => [],
        IDictionary entries => Keyed(entries).SelectMany(entry => Within(SettingForm.Path(path, entry.Key), SettingForm.EntryOf(type)!, entry.Value)),
        IList entries => entries.Cast<object?>().SelectMany((entry, i) => Within($"{path}:{i}", SettingForm.EntryOf(type)!, entry)),
        _ => SettingForm.IsWord(type) ? [] : Problems(path, value),
    };

    private static IEnumerable<(string Key, object? Value)> Keyed(IDictionary entries)
    {
        foreach (DictionaryEntry entry in entries)
        {
            yield return ((string)entry.Key, entry.Value);
        }
    }

    private static string Text(ValidationAttribute rule, string name, object? value) => rule switch
    {
        RequiredAttribute => $"{name} must be set",
        RangeAttribute range when Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) is int.MaxValue or long.MaxValue =>
            Invariant($"{name} is {value}; it must be {range.Minimum} or more"),
        RangeAttribute range => Invariant($"{name} is {value}; it must lie in [{range.Minimum}, {range.Maximum}]"),
        _ => rule.FormatErrorMessage(name),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
