using System.ComponentModel;
using System.Reflection;

namespace DiffusionMesh.ServiceDefaults.Settings;

/// <summary>How the binder of configurations reads a type: one word, entries of one type, or named properties.</summary>
internal static class SettingForm
{
    public static bool IsWord(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <summary>The type of the entries of a list or of a dictionary by names; null for what is neither.</summary>
    public static Type? EntryOf(Type type) =>
        !type.IsGenericType ? null
        : type.GetGenericTypeDefinition() is var form && form == typeof(List<>) ? type.GenericTypeArguments[0]
        : form == typeof(Dictionary<,>) ? type.GenericTypeArguments[1]
        : null;

    public static PropertyInfo[] Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public static string Path(string section, string name) => section.Length == 0 ? name : $"{section}:{name}";
}
