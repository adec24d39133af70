using System.Collections;
using System.Globalization;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Writes a message out field by field: paths as a user reads them, values so that other bits are another text.</summary>
internal static class MessageFields
{
    /// <summary>The fields that are set, in the order of the contract.</summary>
    /// <param name="prefix">Comes before every path.</param>
    public static IEnumerable<(string Path, string Text)> Of(IMessage message, string prefix)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            var path = prefix + field.Name;
            var fields = value switch
            {
                IDictionary map => map.Keys.Cast<object>()
                    .OrderBy(key => key.ToString(), StringComparer.Ordinal)
                    .SelectMany(key => Of(field.MessageType.Fields["value"], map[key]!, $"{path}.{key}")),
                IList list => list.Cast<object>().SelectMany((element, i) => Of(field, element, PathOf(path, element, i))),
                _ => IsSet(message, field, value) ? Of(field, value!, path) : [],
            };
            foreach (var found in fields)
            {
                yield return found;
            }
        }
    }

    // Scores are told apart by their verifiers.
    private static string PathOf(string path, object element, int position) =>
        element is VerifierScore score ? $"{path}.{score.Verifier}" : string.Create(CultureInfo.InvariantCulture, $"{path}[{position}]");

    private static IEnumerable<(string Path, string Text)> Of(FieldDescriptor field, object value, string path) => value switch
    {
        VerifierScore { OutcomeCase: VerifierScore.OutcomeOneofCase.Value } score => [(path, Text(score.Value))],
        VerifierScore score => [(path, $"no score: {score.Error}")],
        IMessage message => Of(message, path + "."),
        _ => [(path, field.FieldType == FieldType.Enum ? $"{value}" : Text(value))],
    };

    private static string Text(object value) => value switch
    {
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        ByteString bytes => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.Span))}",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private static bool IsSet(IMessage message, FieldDescriptor field, object? value) => field.HasPresence
        ? field.Accessor.HasValue(message)
        : value switch
        {
            string text => text.Length > 0,
            ByteString bytes => !bytes.IsEmpty,
            double number => BitConverter.DoubleToInt64Bits(number) != 0,
            _ => Convert.ToDouble(value, CultureInfo.InvariantCulture) != 0,
        };
}
