namespace Actors.Extraction.Rules;

/// <summary>Likings that are told by what people avoid, find, only take, or what works for them.</summary>
internal static class TasteRules
{
    private static readonly WordSet Pointing = new("it this that these those them him her you your what how everything all something anything");

    private static readonly WordSet Judging = new("exhausting annoying boring tiring relaxing stressful distracting unbearable depressing confusing irritating useless soothing charming awful horrible terrible delightful");

    private static readonly WordSet OnlyTaken = new("drink fly travel use buy wear read watch listen book order");

    private static readonly WordSet Served = new("coffee tea steak espresso eggs whisky whiskey toast");

    private static readonly WordSet Offered = new(
        "email emails phone calls call text texts texting sms mornings afternoons evenings weekends weekdays video letters chat slack teams zoom whatsapp post mail trains train voice written writing mondays tuesdays wednesdays thursdays fridays");

    private static readonly PhraseSet Best = new("works best | work best | works better | work better | is best | are best | is better | are better | suits me best | suit me best");

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.Subject == ClauseSubject.Other ? WorksForMe(clause)
            : !clause.IsPerson || clause.Subject == ClauseSubject.Relative ? null
            : clause.IsPossessive ? Preferred(clause)
            : Told(clause);
    }

    // "Email works best for me."
    private static FoundFact? WorksForMe(Clause clause)
    {
        for (var i = clause.Start + 1; i < Math.Min(clause.End - 1, clause.Start + 4); i++)
        {
            if (Best.LengthAt(clause.Sentence.Words, i, clause.End) is > 0 and var length)
            {
                var behind = i + length;
                return Offered.Contains(clause[i - 1]) && (clause[i + 1] == "me" || (clause[behind] == "for" && clause[behind + 1] == "me"))
                    ? new FoundFact(ClauseSubject.Speaker, FactTypes.Preference, ThirdPerson.Capitalised(clause.Rest(clause.Start)))
                    : null;
            }
        }

        return null;
    }

    // "My preferred airline is Condor", "my preference is email".
    private static FoundFact? Preferred(Clause clause)
    {
        var at = clause.Body;
        if (clause[at] is not ("preferred" or "go-to" or "preference" or "preferences"))
        {
            return clause[at + 1] == "preference" && clause[at + 2] == "is" && at + 3 < clause.End && !Pointing.Contains(clause[at + 3]) ? Fact(clause, clause.Rest(at)) : null;
        }

        var isKind = clause[at] is "preferred" or "go-to";
        for (var i = at + (isKind ? 2 : 1); i < Math.Min(clause.End - 1, at + 5); i++)
        {
            if (clause[i] is "is" or "are")
            {
                return !Pointing.Contains(clause[i + 1]) && clause[i + 1] is not ("to" or "not" or "still") ? Fact(clause, clause.Rest(at)) : null;
            }
        }

        return null;
    }

    private static FoundFact? Told(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "avoid") || (clause.Take(ref at, "try to avoid")))
        {
            return IsThing(clause, at) ? Fact(clause, $"Avoids {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "find") || clause.Take(ref at, "think"))
        {
            return clause[at - 1] == "find" && IsThing(clause, at) && clause.End - at is > 1 and < 6 && Judging.Contains(clause[clause.End - 1]) && clause[at] is not ("the" or "my" or "our") ? Fact(clause, $"Finds {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "hate it when") || clause.Take(ref at, "hate when") || clause.Take(ref at, "like it when") || clause.Take(ref at, "do not like it when"))
        {
            var isYou = Enumerable.Range(at, clause.End - at).Any(i => clause[i] is "you" or "your" or "this" or "that" or "he" or "she" or "they");
            return !isYou && at + 1 < clause.End ? Fact(clause, $"{(clause[clause.Body] == "do" ? "Does not like it when" : $"{ThirdPerson.Verb(clause[clause.Body])} {clause.Text(clause.Body + 1, at)}")} {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "would rather"))
        {
            return Enumerable.Range(at, clause.End - at).Any(i => clause[i] == "than") && clause[at] is not ("not" or "be" or "die" or "you") && IsThing(clause, at + 1) ? Fact(clause, $"Would rather {clause.Rest(at)}") : null;
        }

        if (clause.Take(ref at, "am"))
        {
            var start = at;
            clause.Take(ref at, "not");
            clause.Take(ref at, "really");
            clause.Take(ref at, "very");
            return (clause.Take(ref at, "fond of") || clause.Take(ref at, "into") || clause.Take(ref at, "keen on")) && IsThing(clause, at) && clause[at] is not ("the" or "a" or "an" or "my") ? Fact(clause, $"Is {clause.Rest(start)}") : null;
        }

        return Taken(clause, at);
    }

    // "I take my coffee black", "I only drink decaf".
    private static FoundFact? Taken(Clause clause, int at)
    {
        if (clause[at] is "take" or "drink" or "have" or "like" && clause[at + 1] is "my" or "his" or "her" or "their" && Served.Contains(clause[at + 2]) && at + 3 < clause.End && clause[at + 3] is not ("at" or "in" or "on" or "and"))
        {
            return Fact(clause, $"{ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}");
        }

        if (!clause.Take(ref at, "only"))
        {
            return null;
        }

        return clause[at] == "eat" && IsThing(clause, at + 1) ? new FoundFact(clause.Subject, FactTypes.Constraint, $"Only eats {clause.Rest(at + 1)}")
            : OnlyTaken.Contains(clause[at]) && at + 1 < clause.End && IsThing(clause, at + 1) && clause[at + 1] is not ("the" or "a" or "an" or "one" or "two") && !Recurrence.IsIn(clause, at, clause.End) ? Fact(clause, $"Only {ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}")
            : null;
    }

    private static bool IsThing(Clause clause, int at) => at < clause.End && !Pointing.Contains(clause[at]) && !clause.PointsElsewhere(at) && !Enumerable.Range(at, clause.End - at).Any(i => clause[i] is "you" or "your");

    private static FoundFact Fact(Clause clause, string content) => new(clause.Subject, FactTypes.Preference, ThirdPerson.Capitalised(content));
}
