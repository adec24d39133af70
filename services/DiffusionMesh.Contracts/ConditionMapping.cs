using DomainCondition = DiffusionMesh.Diffusion.Condition;
using Message = DiffusionMesh.Contracts.TensorV1.Condition;

namespace DiffusionMesh.Contracts;

/// <summary>Maps conditions to messages and back.</summary>
public static class ConditionMapping
{
    /// <summary>Longest prompt that is read at all, in characters; models have limits of their own in tokens.</summary>
    public const int MaxPromptLength = 4096;

    /// <summary>Reads a condition; null means that there is none.</summary>
    public static DomainCondition? ToDomain(Message? message, string field, FieldViolations violations)
    {
        switch (message?.KindCase)
        {
            case Message.KindOneofCase.Prompt:
                if (string.IsNullOrWhiteSpace(message.Prompt))
                {
                    violations.Add(field + ".prompt", "is empty; write what the sample should show, or leave the condition out");
                    return null;
                }

                violations.Require(
                    message.Prompt.Length <= MaxPromptLength,
                    field + ".prompt",
                    $"has {message.Prompt.Length} characters; at most {MaxPromptLength} are accepted");
                return new DomainCondition.Prompt(message.Prompt);

            case Message.KindOneofCase.ClassLabel:
                violations.Require(message.ClassLabel >= 0, field + ".class_label", $"is {message.ClassLabel}; labels start at 0");
                return new DomainCondition.ClassLabel(message.ClassLabel);

            default:
                return null;
        }
    }

    /// <summary>Writes a condition; null stays null.</summary>
    public static Message? ToMessage(DomainCondition? condition) => condition switch
    {
        null => null,
        DomainCondition.Prompt prompt => new Message { Prompt = prompt.Text },
        DomainCondition.ClassLabel label => new Message { ClassLabel = label.Index },
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "not a kind of condition"),
    };
}
