namespace Actors.Extraction.Rules;

/// <summary>What people like, and what they do not.</summary>
internal static class PreferenceRules
{
    private const int MaxKindWords = 3;

    private static readonly WordSet PersonKinds = new("morning night evening cat dog people tea coffee beach window aisle");

    private static readonly WordSet Professions = new(
        "sales operations ops communications comms systems logistics news business admissions accounts");

    private static readonly PhraseSet Natures = new(
        "night owl | early bird | early riser | late riser | dog lover | cat lover | light sleeper | frequent flyer | slow reader");

    private static readonly PhraseSet BeingGiven = new("to get | to receive | to have | to see");

    // "All of it", "every bit".
    private static readonly WordSet NotAll = new("of the my our your this that these those i it we you bit last single one detail time");

    private static readonly WordSet Favorites = new("favorite favourite");

    private static readonly WordSet NoKinds = new("part thing moment one bit example quote");

    private static readonly WordSet NoValues = new(
        "yet to still that when how what this it not probably broken gone here there being missing");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Relative => null,
        ClauseSubject.Other or ClauseSubject.Order => Elliptic.Find(clause),
        ClauseSubject.Group when clause.IsPossessive => null,
        ClauseSubject.Group => LikingRules.FindCommon(clause),
        ClauseSubject.Client => LikingRules.Find(clause) ?? Wanted(clause),
        _ when !clause.IsPerson => null,
        _ when clause.IsPossessive => Favorite(clause),
        _ => LikingRules.Find(clause) ?? Nature(clause) ?? Wanted(clause),
    };

    /// <summary>The preference that begins so, told from a word to the end; null: nothing is left to tell.</summary>
    public static FoundFact? Fact(Clause clause, string beginning, int rest) =>
        rest < clause.End ? new(clause.Subject, FactTypes.Preference, ThirdPerson.Capitalised(beginning + clause.Rest(rest))) : null;

    // "I'm a morning person", "I'm a night owl".
    private static FoundFact? Nature(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "am") || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        var start = at;
        clause.Take(ref at, "not");
        clause.Take(ref at, LikingRules.Weights);
        clause.Take(ref at, "more of");
        return clause[at] is "a" or "an" && IsNature(clause, at + 1)
            ? new FoundFact(clause.Subject, FactTypes.Preference, $"Is {clause.Rest(start)}")
            : null;
    }

    private static bool IsNature(Clause clause, int at)
    {
        if (clause.Take(ref at, Natures))
        {
            return true;
        }

        // "A cat person", "a mountains person"; a "sales person" is at work.
        var (kind, noun) = (clause[at], clause[at + 1]);
        var isMany = kind.EndsWith('s') && !Professions.Contains(kind) && !kind.EndsWith("ss", StringComparison.Ordinal);
        return PersonKinds.Contains(kind) ? noun is "person" or "people" : noun == "person" && isMany;
    }

    // "I want every invoice as PDF": what is wanted of all of a kind stays so.
    private static FoundFact? Wanted(Clause clause)
    {
        var at = clause.Body;
        var isWish = clause.Take(ref at, "would like");
        if ((!isWish && !clause.Take(ref at, "want")) || SentenceGuards.IsPassing(clause) || clause.PointsElsewhere(at))
        {
            return null;
        }

        var wanted = at;
        if (isWish && clause.Take(ref at, BeingGiven))
        {
            clause.Take(ref at, "a copy of");
        }

        var isAll = clause[at] is "all" or "every" or "each" && !NotAll.Contains(clause[at + 1]);
        return isAll && at + 2 < clause.End ? Fact(clause, isWish ? "Would like " : "Wants ", wanted) : null;
    }

    // "My favourite colour is green."
    private static FoundFact? Favorite(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, Favorites))
        {
            return null;
        }

        var kind = at;
        while (at < clause.End && at - kind < MaxKindWords && clause[at] is not ("is" or "are") && clause.Word(at).Break == '\0')
        {
            at++;
        }

        var isNamed = at > kind && !NoKinds.Contains(clause[at - 1]) && clause[at] is "is" or "are";
        if (!isNamed || at + 1 >= clause.End || NoValues.Contains(clause[at + 1]))
        {
            return null;
        }

        var name = clause.Text(kind, at).ToLowerInvariant();
        return new FoundFact(clause.Subject, FactTypes.Preference, $"Favorite {name}: {clause.Rest(at + 1)}", Keys.Of($"favorite {name}"));
    }
}
