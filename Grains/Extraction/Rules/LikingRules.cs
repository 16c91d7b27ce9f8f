namespace Actors.Extraction.Rules;

/// <summary>What is liked, and what is always taken: "I prefer window seats", "we usually take the balcony".</summary>
internal static class LikingRules
{
    private static readonly WordSet Often = new("usually always never generally normally typically often mostly mainly only");

    private static readonly WordSet Liking = new("prefer like love hate dislike enjoy detest adore loathe");

    private static readonly PhraseSet FanOf = new("a fan of | a big fan of | a huge fan of");

    private static readonly WordSet Habits = new(
        "drink eat take order use travel fly wear read listen cook bring book work start sit pay buy drive stay walk cycle");

    // Of what is offered; "I usually take a nap" is none.
    private static readonly WordSet TakenAlways = new("take order book fly sit drink choose pick reserve");

    private static readonly WordSet NoChoices = new("care part place into time off");

    private static readonly WordSet Rests = new("nap break shower walk bath look minute while day rest moment breath long few");

    /// <summary>What only adds weight: really, truly.</summary>
    public static WordSet Weights { get; } = new("really much strongly definitely absolutely just also actually truly very so do");

    public static FoundFact? Find(Clause clause)
    {
        var at = clause.Body;
        var how = ReadHow(clause, ref at);
        if (clause.Take(ref at, "can not stand"))
        {
            return PreferenceRules.Fact(clause, "Cannot stand ", at);
        }

        if (clause.Take(ref at, "do not"))
        {
            return Disliked(clause, at);
        }

        return clause.Take(ref at, "am") ? Fan(clause, at) : LikedOrTaken(clause, how, at);
    }

    /// <summary>What "we" like: "We love the new logo" may be of all sorts; what is preferred, or always taken, stays so.</summary>
    public static FoundFact? FindCommon(Clause clause)
    {
        var at = clause.Body;
        while (clause.Take(ref at, Often) || clause.Take(ref at, Weights))
        {
        }

        if (clause[at] == "prefer")
        {
            return Find(clause);
        }

        var how = clause[at - 1];
        return how is "always" or "usually" ? Taken(clause, how, at) : null;
    }

    // How often something is done: "usually"; moves behind it, but not behind the "do" of "do not".
    private static string ReadHow(Clause clause, ref int at)
    {
        var how = new List<string>();
        while (clause[at] != "do" || clause[at + 1] != "not")
        {
            var word = clause[at];
            if (clause.Take(ref at, Often))
            {
                how.Add(word);
            }
            else if (!clause.Take(ref at, Weights))
            {
                break;
            }
        }

        return string.Join(' ', how);
    }

    // "I do not really like olives."
    private static FoundFact? Disliked(Clause clause, int at)
    {
        while (clause.Take(ref at, Weights))
        {
        }

        return clause[at] is "like" or "enjoy" or "love" && LastingThings.IsAt(clause, at + 1, isPrefer: false)
            ? PreferenceRules.Fact(clause, $"Does not {clause[at]} ", at + 1)
            : null;
    }

    // "I'm not a big fan of open offices."
    private static FoundFact? Fan(Clause clause, int at)
    {
        var start = at;
        clause.Take(ref at, "not");
        while (clause.Take(ref at, Weights))
        {
        }

        return clause.Take(ref at, FanOf) && LastingThings.IsAt(clause, at, isPrefer: false)
            ? PreferenceRules.Fact(clause, "Is ", start)
            : null;
    }

    private static FoundFact? LikedOrTaken(Clause clause, string how, int at)
    {
        // "I always drink my coffee black."
        var isAlways = how.Split(' ')[0] == "always";
        if (isAlways && Habits.Contains(clause[at]) && LastingThings.IsAt(clause, at + 1, isPrefer: true))
        {
            return PreferenceRules.Fact(clause, $"Always {ThirdPerson.Verb(clause[at])} ", at + 1);
        }

        if (Liking.Contains(clause[at]))
        {
            return Liked(clause, how, at);
        }

        return how == "usually" ? Taken(clause, how, at) : null;
    }

    // "I usually prefer the aisle."
    private static FoundFact? Liked(Clause clause, string how, int at)
    {
        if (how.Contains("never", StringComparison.Ordinal) || !LastingThings.IsAt(clause, at + 1, clause[at] == "prefer"))
        {
            return null;
        }

        return PreferenceRules.Fact(clause, $"{how} {ThirdPerson.Verb(clause[at])} ".TrimStart(), at + 1);
    }

    // "We usually take the balcony."
    private static FoundFact? Taken(Clause clause, string how, int at)
    {
        var isChoice = TakenAlways.Contains(clause[at])
            && !NoChoices.Contains(clause[at + 1])
            && !Rests.Contains(clause[at + 2])
            && LastingThings.IsAt(clause, at + 1, isPrefer: true)
            && !Recurrence.IsIn(clause, at, clause.End);
        return isChoice ? PreferenceRules.Fact(clause, $"{how} {ThirdPerson.Verb(clause[at])} ", at + 1) : null;
    }
}
