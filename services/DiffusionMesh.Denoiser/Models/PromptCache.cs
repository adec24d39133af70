using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Text;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Remembers the embeddings of the prompts that were used last: a search asks for one prompt again and again.</summary>
internal sealed class PromptCache(DiffusionModel model, int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Text, ConditionEmbedding Embedding)>> _byText = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Text, ConditionEmbedding Embedding)> _newestFirst = new();

    public ConditionEmbedding Embed(string text, TokenizedPrompt prompt)
    {
        lock (_lock)
        {
            if (_byText.TryGetValue(text, out var known))
            {
                _newestFirst.Remove(known);
                _newestFirst.AddFirst(known);
                return known.Value.Embedding;
            }
        }

        // Outside the lock: two callers with one new prompt may both embed it, to the same bits.
        var embedding = model.EmbedPrompt(prompt);
        lock (_lock)
        {
            if (_byText.TryAdd(text, new((text, embedding))))
            {
                _newestFirst.AddFirst(_byText[text]);
                if (_byText.Count > capacity)
                {
                    _byText.Remove(_newestFirst.Last!.Value.Text);
                    _newestFirst.RemoveLast();
                }
            }
        }

        return embedding;
    }
}
