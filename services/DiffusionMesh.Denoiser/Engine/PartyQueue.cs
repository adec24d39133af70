using System.Diagnostics.CodeAnalysis;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>The parties of one lane whose states have one shape, in order of their turns.</summary>
internal sealed class PartyQueue
{
    private readonly Dictionary<object, Party> _parties = [];
    private readonly PriorityQueue<Party, (long Served, long Order)> _turns = new();
    private long _order;

    public int Parties => _parties.Count;

    /// <summary>Rows that its next evaluations take together.</summary>
    public int Rows { get; set; }

    public bool IsEmpty => _parties.Count == 0;

    /// <param name="key">Of the party.</param>
    /// <param name="clock">Where a party that was not here begins: what it left unused before is not saved up.</param>
    public Party Join(object key, long clock)
    {
        if (!_parties.TryGetValue(key, out var party))
        {
            _parties[key] = party = new Party(key, clock);
            Enqueue(party);
        }

        return party;
    }

    public void Enqueue(Party party) => _turns.Enqueue(party, (party.Served, _order++));

    public Party Dequeue() => _turns.Dequeue();

    /// <summary>Whose turn is next. Parties that have left meanwhile are passed over.</summary>
    public bool TryPeek([NotNullWhen(true)] out Party? party)
    {
        while (_turns.TryPeek(out party, out _) && party.IsEmpty)
        {
            _turns.Dequeue();
        }

        return party is not null;
    }

    public void Leave(Party party) => _parties.Remove(party.Key);
}
