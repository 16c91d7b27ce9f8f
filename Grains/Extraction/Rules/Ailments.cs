namespace Actors.Extraction.Rules;

/// <summary>What people suffer from, and what helps them to see, hear or move.</summary>
internal static class Ailments
{
    private const int MaxAilmentWords = 3;

    private static readonly WordSet Known = new(
        """
        asthma diabetes epilepsy adhd dyslexia tinnitus migraines migraine arthritis vertigo claustrophobia psoriasis disease insomnia
        scoliosis
        """);

    private static readonly WordSet Sick = new("seasick carsick airsick migraines");

    private static readonly PhraseSet UseAid = new(
        "use a wheelchair | use a screen reader | use a hearing aid | wear glasses | wear hearing aids");

    public static FoundFact? Find(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "have"))
        {
            return Ailment(clause, at, "Has");
        }

        if (clause.Take(ref at, "suffer from"))
        {
            return Ailment(clause, at, "Suffers from");
        }

        return Sickness(clause) ?? Aid(clause);
    }

    // "I have mild asthma", "I've got coeliac disease".
    private static FoundFact? Ailment(Clause clause, int at, string verb)
    {
        clause.Take(ref at, "got");
        var isAilment = clause[at] != "no" && clause.Has(at, at + MaxAilmentWords, i => Known.Contains(clause[i]) && clause.EndsAt(i));
        return isAilment ? Fact(clause, FactTypes.Constraint, $"{verb} {clause.Text(at, clause.EndOfStatement(at))}") : null;
    }

    // "I get seasick."
    private static FoundFact? Sickness(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, "get") && (Sick.Contains(clause[at]) || (clause[at] == "motion" && clause[at + 1] == "sickness"))
            ? Fact(clause, FactTypes.Constraint, $"Gets {clause.Rest(at)}")
            : null;
    }

    // "I use a screen reader."
    private static FoundFact? Aid(Clause clause)
    {
        var (verb, at) = (clause.Body, clause.Body);
        return clause.Take(ref at, UseAid)
            ? Fact(clause, FactTypes.Identity, $"{ThirdPerson.Verb(clause[verb])} {clause.Rest(verb + 1)}")
            : null;
    }

    private static FoundFact Fact(Clause clause, string type, string content) =>
        new(clause.Subject, type, ThirdPerson.Capitalised(content));
}
