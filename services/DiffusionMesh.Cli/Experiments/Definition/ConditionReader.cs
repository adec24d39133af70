using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads <c>conditions</c>: classes, prompts, or a file of prompts.</summary>
internal static class ConditionReader
{
    private const string Remedy = "say what to search for, for example {classes: all} or {prompts: [a photo of a coat]}";

    /// <param name="fields">Of the experiment.</param>
    /// <param name="folder">Where a file of prompts is looked for.</param>
    /// <param name="problems">Where what is wrong is written.</param>
    public static ConditionChoice Read(YamlFields fields, string folder, YamlProblems problems)
    {
        if (fields.Required("conditions", Remedy) is not { } value || value.Fields("classes", "prompts", "prompts_file") is not { } conditions)
        {
            return new ConditionChoice(false, [], [], fields.Place);
        }

        var all = conditions["classes"] is { IsScalar: true } word && word.Word("all") is not null;
        var classes = conditions["classes"] is { IsScalar: false } list
            ? list.Items().Select(item => item.Whole(0, int.MaxValue)).OfType<long>().Select(label => (int)label).Distinct().ToArray()
            : [];
        var prompts = (conditions["prompts"]?.Items() ?? []).Select(Prompt).OfType<PromptChoice>()
            .Concat(conditions["prompts_file"] is { } file ? File(file, folder) : [])
            .DistinctBy(prompt => prompt.Text)
            .ToArray();
        if (conditions["classes"] is null && conditions["prompts"] is null && conditions["prompts_file"] is null)
        {
            problems.Add(value.Place, Remedy);
        }

        return new ConditionChoice(all, classes, prompts, value.Place);
    }

    private static PromptChoice? Prompt(YamlValue value)
    {
        if (!value.IsMap)
        {
            return value.Text() is { } plain ? new PromptChoice(plain, null) : null;
        }

        var fields = value.Fields("text", "class");
        return fields?.Required("text", "write the prompt")?.Text() is { } text
            ? new PromptChoice(text, (int?)fields["class"]?.Whole(0, int.MaxValue))
            : null;
    }

    private static IEnumerable<PromptChoice> File(YamlValue value, string folder)
    {
        if (value.Text() is not { } name)
        {
            return [];
        }

        var path = Path.Combine(folder, name);
        if (!System.IO.File.Exists(path))
        {
            value.Refuse($"there is no file '{path}'");
            return [];
        }

        if (Path.GetExtension(path) != ".json")
        {
            return [.. System.IO.File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => new PromptChoice(line.Trim(), null))];
        }

        try
        {
            var prompts = JsonNode.Parse(System.IO.File.ReadAllText(path))!["prompts"]!.AsArray();
            return [.. prompts.Select(prompt => new PromptChoice((string)prompt!["text"]!, (int?)prompt["class"]))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            value.Refuse($"'{path}' must be {{\"prompts\": [{{\"text\": \"...\", \"class\": 0}}]}}: {error.Message}");
            return [];
        }
    }
}
