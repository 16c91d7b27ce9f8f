using System.Collections.Immutable;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Extraction;

/// <summary>What of a language model's facts may be stored. Pure. Whatever a memory's text had the model say, this is what holds it.</summary>
internal static class ModelFactRules
{
    /// <summary>Most facts of a memory.</summary>
    public const int MaxFacts = RuleExtractor.MaxFacts;

    private const int MaxContentLength = 1_000;
    private const int MaxPersonLength = 128;
    private const int MaxKeyLength = 64;
    private const int MaxReasons = 20;

    /// <summary>Takes what is valid; of the rest, why it is not.</summary>
    /// <param name="facts">As the model names them.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="sent">As much of its content as the model saw.</param>
    /// <param name="known">Facts in the order of the numbers they had.</param>
    public static Extraction Valid(ImmutableArray<ModelFact> facts, EventRecord memory, string sent, ImmutableArray<FactRecord> known)
    {
        var isMachine = MemorySpeaker.IsMachine(memory);
        var valid = new List<ExtractedFact>();
        var reasons = new List<string>();
        var retired = new HashSet<Guid>();
        foreach (var (place, fact) in facts.Index())
        {
            if (valid.Count == MaxFacts)
            {
                reasons.Add($"{facts.Length - place} facts: one memory gives at most {MaxFacts}.");
                break;
            }

            var (made, fault) = Make(fact, memory, sent, known, isMachine);
            if (made is null || (made.Retires is { } id && !retired.Add(id)))
            {
                reasons.Add($"Fact {place + 1}: {fault ?? "another one retires the same fact"}.");
            }
            else if (!valid.Contains(made))
            {
                valid.Add(made);
            }
        }

        ImmutableArray<string> setAside = reasons.Count <= MaxReasons ? [.. reasons] : [.. reasons.Take(MaxReasons), $"And {reasons.Count - MaxReasons} more."];
        return new Extraction([.. valid.OrderBy(fact => fact.SpanStart).ThenBy(fact => fact.SpanEnd)], setAside);
    }

    private static (ExtractedFact? Fact, string? Fault) Make(ModelFact fact, EventRecord memory, string sent, ImmutableArray<FactRecord> known, bool isMachine)
    {
        if (!FactTypes.All.Contains(fact.Type))
        {
            return (null, "its type is not known");
        }

        if (!IsText(fact.Content, MaxContentLength))
        {
            return (null, $"its content is no text of 1 to {MaxContentLength} characters in one line");
        }

        if (fact.Key is { } key && !IsKey(key))
        {
            return (null, $"its key is not of 1 to {MaxKeyLength} characters a-z 0-9 _");
        }

        // What was masked for the model is no quote.
        var start = string.IsNullOrWhiteSpace(fact.Quote) || !sent.Contains(fact.Quote, StringComparison.Ordinal) ? -1 : memory.Content.IndexOf(fact.Quote, StringComparison.Ordinal);
        if (start < 0)
        {
            return (null, "its quote is not in the memory");
        }

        if (!ExtractionWords.IsEnough(fact.Quote, memory.Content))
        {
            return (null, "its quote is too short to tell anything");
        }

        if (!ExtractionWords.Meet(fact.Content, fact.Quote))
        {
            return (null, "its content has no word in common with its quote");
        }

        if (AddressesOf(fact.Content).Except(AddressesOf(sent), StringComparer.OrdinalIgnoreCase).Any())
        {
            return (null, "it has an address that the memory has not");
        }

        if (SubjectOf(fact, memory, sent, isMachine) is not var (type, id))
        {
            return (null, "its subject is neither the speaker, nor the client, nor named in the memory");
        }

        FactRecord? replaced = null;
        if (fact.Replaces is { } number)
        {
            replaced = number >= 1 && number <= known.Length ? known[number - 1] : null;
            if (replaced is null || replaced.Subject != new FactSubject(memory.ClientId, type, id) || replaced.FactType != fact.Type)
            {
                return (null, "it would retire a fact of another subject or type, or one that there is not");
            }
        }

        var points = new CodePoints(memory.Content);
        return (
            new ExtractedFact(
                type, id, fact.Type, fact.Content.Trim(), replaced is null ? fact.Key : replaced.FactKey, Category: null, FactTypes.SalienceOf(fact.Type),
                points.Of(start), points.Of(start + fact.Quote.Length), replaced?.Id),
            null);
    }

    private static (string Type, string Id)? SubjectOf(ModelFact fact, EventRecord memory, string sent, bool isMachine) => fact.Subject switch
    {
        ModelFact.Speaker => ("user", MemorySpeaker.UserId(memory, isMachine)),
        ModelFact.Client => ("client", memory.ClientId),
        ModelFact.Named when fact.Person is { } person && IsText(person, MaxPersonLength) && ExtractionWords.Names(sent, person) => ("user", person.Trim()),
        _ => null,
    };

    private static bool IsText(string text, int maxLength) => !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength && !text.Any(char.IsControl);

    private static bool IsKey(string key) => key.Length is > 0 and <= MaxKeyLength && key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    // Web and mail addresses, and names of hosts: what a text that gives orders would like to have remembered.
    private static IEnumerable<string> AddressesOf(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim('.', ',', ';', ':', '!', '?', '(', ')', '<', '>', '[', ']', '"', '\''))
            .Where(word => word.Contains("://", StringComparison.Ordinal) || word.IndexOf('@', StringComparison.Ordinal) > 0 || HasHost(word));

    // "pay.example.com/x", "www.example.com"; neither "3.5" nor "e.g".
    private static bool HasHost(string word)
    {
        for (var dot = word.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = word.IndexOf('.', dot + 1))
        {
            if (char.IsLetterOrDigit(word[dot - 1]) && dot + 2 < word.Length && char.IsLetter(word[dot + 1]) && char.IsLetter(word[dot + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
