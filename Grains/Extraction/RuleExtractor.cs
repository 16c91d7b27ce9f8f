using System.Collections.Immutable;
using Actors.Extraction.Rules;
using Actors.Facts;
using Actors.Sessions;

namespace Actors.Extraction;

/// <summary>
/// Finds facts in English text by rules: plain statements in the present tense, clause by clause. It would rather miss a fact than
/// make one up (docs/extraction.md). Deterministic; its time grows with the length of the text only.
/// </summary>
internal sealed class RuleExtractor : IFactExtractor
{
    /// <summary>Most facts of a memory; what comes after is left out.</summary>
    public const int MaxFacts = 20;

    /// <summary>What it moves with is held by a test: everything it finds in the labelled sentences.</summary>
    public const string RulesVersion = "3";

    private const int MaxContentLength = 1_000;

    private static readonly Func<Clause, FoundFact?>[] Rules =
    [
        ScheduleRules.Find, RoutineRules.Find, IdentityRules.Find, WorkRules.Find, LifeRules.Find, ConstraintRules.Find, LimitRules.Find,
        HouseRules.Find, ClientRules.Find, PreferenceRules.Find, TasteRules.Find, DecisionRules.Find, ResultRules.Find, OutcomeRules.Find,
    ];

    public string Name => "rules";

    public string Version => RulesVersion;

    public string? Model => null;

    public Task<Extraction> ExtractAsync(EventRecord memory, ImmutableArray<FactRecord> known, CancellationToken cancellationToken) =>
        Task.FromResult(Extract(memory));

    /// <summary>What a memory says.</summary>
    public static Extraction Extract(EventRecord memory)
    {
        var isMachine = MemorySpeaker.IsMachine(memory);
        var points = new CodePoints(memory.Content);
        var (facts, seen) = (ImmutableArray.CreateBuilder<ExtractedFact>(), new HashSet<(string, string, string)>());
        foreach (var (clause, found) in Find(memory.Content, memory.Type == MemoryType.Decision, isMachine))
        {
            var (type, id) = SubjectOf(found, clause, memory, isMachine);
            if (seen.Add((id, found.Type, found.Content)) && Fact(found, clause, type, id, points) is { } fact)
            {
                facts.Add(fact);
            }

            if (facts.Count == MaxFacts)
            {
                break;
            }
        }

        return new Extraction(facts.DrainToImmutable(), []);
    }

    private static IEnumerable<(Clause Clause, FoundFact Found)> Find(string content, bool isDecision, bool isMachine)
    {
        // Held back by one sentence, which may take it back.
        List<(Clause, FoundFact)> last = [];
        var (isFirst, person) = (true, (Clause?)null);
        foreach (var sentence in SentenceReader.Read(content))
        {
            if (SentenceGuards.TakesBackWhatWasSaid(sentence))
            {
                last = [];
                continue;
            }

            foreach (var found in last)
            {
                yield return found;
            }

            var isStatement = sentence.IsReadable && !SentenceGuards.Bars(sentence);
            Clause[] clauses = isStatement ? [.. ClauseReader.Read(sentence, person)] : [];
            person = Antecedents.Of(sentence, clauses);
            last = FindIn(sentence, clauses, isMachine);
            if (isDecision && isFirst && isStatement && last.Count == 0 && DecisionRules.Whole(sentence) is { } whole)
            {
                last = [(new Clause(sentence, 0, 0, sentence.Words.Count, ClauseSubject.Other), whole)];
            }

            isFirst = false;
        }

        foreach (var found in last)
        {
            yield return found;
        }
    }

    private static List<(Clause, FoundFact)> FindIn(Sentence sentence, Clause[] clauses, bool isMachine)
    {
        var found = new List<(Clause, FoundFact)>();
        foreach (var clause in clauses)
        {
            if (SentenceGuards.BarsAfter(sentence, clause.Start) || (isMachine && IsOfSpeaker(clause)))
            {
                continue;
            }

            foreach (var rule in Rules)
            {
                if (rule(clause) is { } fact && !(isMachine && fact.About == ClauseSubject.Speaker))
                {
                    found.Add((clause, clause.Subject == ClauseSubject.Relative ? OfRelative(clause, fact) : fact));
                    break;
                }
            }
        }

        return found;
    }

    // What a machine says of itself, or tells others to do, is about nobody.
    private static bool IsOfSpeaker(Clause clause) =>
        clause.Subject == ClauseSubject.Speaker
        || clause[clause.Start] == "my"
        || (clause.Subject == ClauseSubject.Order && clause[clause.Body] != "no");

    // "My wife is vegetarian" is about the speaker, whose diet it is not.
    private static FoundFact OfRelative(Clause clause, FoundFact found) =>
        found with { About = ClauseSubject.Speaker, Content = $"{clause.Name} {char.ToLowerInvariant(found.Content[0])}{found.Content[1..]}", Key = null };

    private static (string Type, string Id) SubjectOf(FoundFact found, Clause clause, EventRecord memory, bool isMachine) => found.About switch
    {
        ClauseSubject.Speaker or ClauseSubject.User => ("user", MemorySpeaker.UserId(memory, isMachine)),
        ClauseSubject.Named => ("user", clause.Name!),
        _ => ("client", memory.ClientId),
    };

    private static ExtractedFact? Fact(FoundFact found, Clause clause, string subjectType, string subjectId, CodePoints points)
    {
        // More than a statement.
        if (found.Content.Length > MaxContentLength || subjectId.Length > CreateFactRequest.MaxSubjectIdLength)
        {
            return null;
        }

        var words = clause.Sentence.Words;
        var end = found.End ?? clause.End;
        return new ExtractedFact(
            subjectType, subjectId, found.Type, found.Content, found.Key, Category: null, FactTypes.SalienceOf(found.Type),
            points.Of(words[clause.Start].Start), points.Of(words[end - 1].End), Retires: null);
    }
}
