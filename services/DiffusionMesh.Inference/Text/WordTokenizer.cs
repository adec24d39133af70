using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionMesh.Inference.Text;

/// <summary>
/// Words to numbers: text is lower-cased and split on anything that is no letter, digit or apostrophe. Words that the
/// vocabulary lacks are never passed on silently: see <see cref="TokenizedPrompt.Problem"/>.
/// </summary>
public sealed class WordTokenizer
{
    private readonly FrozenDictionary<string, int> _vocabulary;
    private readonly TokenizerFile _file;

    private WordTokenizer(TokenizerFile file)
    {
        _file = file;
        _vocabulary = file.Vocabulary.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Length of every token row, and most words of a prompt.</summary>
    public int MaxTokens => _file.MaxTokens;

    /// <param name="json">Contents of tokenizer.json.</param>
    /// <exception cref="ModelLoadException">The contents are not a word tokenizer.</exception>
    public static WordTokenizer Load(ReadOnlySpan<byte> json)
    {
        TokenizerFile file;
        try
        {
            file = JsonSerializer.Deserialize(json, TokenizerJson.Default.TokenizerFile)!;
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"the tokenizer cannot be read: {e.Message}", e);
        }

        var problem = file switch
        {
            { Type: not "word" } => $"type \"{file.Type}\" is unknown; known is: word",
            { Lowercase: false } => "lowercase must be true",
            { MaxTokens: < 1 or > 4096 } => "max_tokens must lie in 1 to 4096",
            { Vocabulary.Count: 0 } => "vocabulary is empty",
            _ when file.Vocabulary.Values.Any(id => id < 0 || id == file.PadId || id == file.UnknownId) =>
                "vocabulary must give every word a number of its own, other than pad_id and unknown_id",
            _ => null,
        };
        return problem is null ? new WordTokenizer(file) : throw new ModelLoadException($"the tokenizer is wrong: {problem}");
    }

    public TokenizedPrompt Encode(string text)
    {
        var words = Words(text);
        var tokens = new long[MaxTokens];
        Array.Fill(tokens, _file.PadId);
        var unknown = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (!_vocabulary.TryGetValue(words[i], out var id))
            {
                id = _file.UnknownId;
                if (!unknown.Contains(words[i]))
                {
                    unknown.Add(words[i]);
                }
            }

            if (i < tokens.Length)
            {
                tokens[i] = id;
            }
        }

        return new TokenizedPrompt(tokens, Problem(words.Count, unknown));
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = -1;
        text = text.ToLowerInvariant();
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '\''))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                words.Add(text[start..i]);
                start = -1;
            }
        }

        return words;
    }

    private string? Problem(int words, List<string> unknown) =>
        words == 0 ? "has no words"
        : words > MaxTokens ? $"has {words} words; the model reads at most {MaxTokens}"
        : unknown.Count > 0 ? "has words that the model does not know: " + string.Join(", ", unknown.Select(Describe))
        : null;

    private string Describe(string word)
    {
        var near = NearWords.To(word, _vocabulary.Keys);
        return near.Count == 0 ? $"'{word}'" : $"'{word}' (near known words: {string.Join(", ", near)})";
    }
}

/// <summary>A prompt as numbers.</summary>
/// <param name="Tokens">[max tokens], filled up with padding.</param>
/// <param name="Problem">
/// Null if the model understands the prompt; else what is wrong, to follow the prompt's name: "has no words", "has 30
/// words; ...", "has words that the model does not know: 'booot' (near known words: boot)".
/// </param>
public sealed record TokenizedPrompt(long[] Tokens, string? Problem);

internal sealed record TokenizerFile(
    string Type, bool Lowercase, int MaxTokens, int PadId, int UnknownId, IReadOnlyDictionary<string, int> Vocabulary);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TokenizerFile))]
internal sealed partial class TokenizerJson : JsonSerializerContext;
