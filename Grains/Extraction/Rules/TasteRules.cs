namespace Actors.Extraction.Rules;

/// <summary>Likings that are told by what people avoid, find, only take, or what works for them.</summary>
internal static class TasteRules
{
    private const int MaxOpinionWords = 5;

    // What stands for something named elsewhere, or for nothing in particular.
    private static readonly WordSet Pointing = new(
        "it this that these those them him her you your what how everything all something anything");

    // "I hate it when you do that" is about whoever listens, or about somebody else.
    private static readonly WordSet OfOthers = new("you your this that he she they");

    private static readonly WordSet Judging = new(
        """
        exhausting annoying boring tiring relaxing stressful distracting unbearable depressing confusing irritating useless soothing
        charming awful horrible terrible delightful
        """);

    private static readonly WordSet Taking = new("drink fly travel use buy wear read watch listen book order");

    // Taken as a rule are things of a kind, not one thing or two.
    private static readonly WordSet Counted = new("the a an one two");

    private static readonly WordSet MealTimes = new("once twice when if while after before at in on with because");

    private static readonly WordSet Servings = new("coffee tea steak espresso eggs whisky whiskey toast");

    private static readonly WordSet Offered = new(
        """
        email emails phone calls call text texts texting sms mornings afternoons evenings weekends weekdays video letters chat slack teams
        zoom whatsapp post mail trains train voice written writing mondays tuesdays wednesdays thursdays fridays
        """);

    private static readonly PhraseSet Best = new(
        "works best | work best | works better | work better | is best | are best | is better | are better | suits me best | suit me best");

    private static readonly PhraseSet Avoid = new("avoid | try to avoid");

    private static readonly PhraseSet HateWhen = new("hate it when | hate when | like it when | do not like it when");

    private static readonly PhraseSet FondOf = new("fond of | into | keen on");

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        if (clause.Subject == ClauseSubject.Other)
        {
            return WorksForMe(clause);
        }

        if (!clause.IsPerson || clause.Subject == ClauseSubject.Relative)
        {
            return null;
        }

        return clause.IsPossessive
            ? Preferred(clause)
            : Avoided(clause) ?? Judged(clause) ?? HatedWhen(clause) ?? Rather(clause) ?? Fond(clause) ?? Served(clause)
                ?? TakenOnly(clause);
    }

    // "Email works best for me", "mornings suit me best".
    private static FoundFact? WorksForMe(Clause clause)
    {
        for (var i = clause.Start + 1; i < Math.Min(clause.End - 1, clause.Start + 4); i++)
        {
            var behind = i;
            if (clause.Take(ref behind, Best))
            {
                var isForMe = clause[i + 1] == "me" || (clause[behind] == "for" && clause[behind + 1] == "me");
                return Offered.Contains(clause[i - 1]) && isForMe
                    ? new FoundFact(ClauseSubject.Speaker, FactTypes.Preference, ThirdPerson.Capitalised(clause.Rest(clause.Start)))
                    : null;
            }
        }

        return null;
    }

    // "My preferred airline is Condor", "my preference is email", "my seat preference is aisle".
    private static FoundFact? Preferred(Clause clause)
    {
        var at = clause.Body;
        if (clause[at] is not ("preferred" or "go-to" or "preference" or "preferences"))
        {
            var isPreference = clause[at + 1] == "preference" && clause[at + 2] == "is";
            return isPreference && at + 3 < clause.End && !Pointing.Contains(clause[at + 3]) ? Fact(clause, clause.Rest(at)) : null;
        }

        var isKind = clause[at] is "preferred" or "go-to";
        for (var i = at + (isKind ? 2 : 1); i < Math.Min(clause.End - 1, at + 5); i++)
        {
            if (clause[i] is "is" or "are")
            {
                var isTold = !Pointing.Contains(clause[i + 1]) && clause[i + 1] is not ("to" or "not" or "still");
                return isTold ? Fact(clause, clause.Rest(at)) : null;
            }
        }

        return null;
    }

    // "I try to avoid layovers."
    private static FoundFact? Avoided(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, Avoid) && IsThing(clause, at) ? Fact(clause, $"Avoids {clause.Rest(at)}") : null;
    }

    // "I find open offices distracting."
    private static FoundFact? Judged(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "find") || !IsThing(clause, at) || clause[at] is "the" or "my" or "our")
        {
            return null;
        }

        return clause.End - at is > 1 and <= MaxOpinionWords && Judging.Contains(clause[clause.End - 1])
            ? Fact(clause, $"Finds {clause.Rest(at)}")
            : null;
    }

    // "I hate it when meetings run late."
    private static FoundFact? HatedWhen(Clause clause)
    {
        var (verb, at) = (clause.Body, clause.Body);
        if (!clause.Take(ref at, HateWhen) || clause.Has(at, OfOthers) || at + 1 >= clause.End)
        {
            return null;
        }

        return clause[verb] == "do"
            ? Fact(clause, $"Does not like it when {clause.Rest(at)}")
            : Fact(clause, $"{ThirdPerson.Verb(clause[verb])} {clause.Text(verb + 1, at)} {clause.Rest(at)}");
    }

    // "I would rather walk than drive."
    private static FoundFact? Rather(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "would rather") || clause[at] is "not" or "be" or "die" or "you")
        {
            return null;
        }

        var isChoice = clause.Has(at, clause.End, i => clause[i] == "than");
        return isChoice && IsThing(clause, at + 1) ? Fact(clause, $"Would rather {clause.Rest(at)}") : null;
    }

    // "I'm not really into football."
    private static FoundFact? Fond(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "am"))
        {
            return null;
        }

        var start = at;
        clause.Take(ref at, "not");
        clause.Take(ref at, "really");
        clause.Take(ref at, "very");
        return clause.Take(ref at, FondOf) && IsThing(clause, at) && clause[at] is not ("the" or "a" or "an" or "my")
            ? Fact(clause, $"Is {clause.Rest(start)}")
            : null;
    }

    // "I take my coffee black"; not "I drink my tea in the garden".
    private static FoundFact? Served(Clause clause)
    {
        var (verb, whose, how) = (clause.Body, clause.Body + 1, clause.Body + 3);
        if (clause[verb] is not ("take" or "drink" or "have" or "like") || clause[whose] is not ("my" or "his" or "her" or "their"))
        {
            return null;
        }

        return Servings.Contains(clause[whose + 1]) && how < clause.End && clause[how] is not ("at" or "in" or "on" or "and")
            ? Fact(clause, $"{ThirdPerson.Verb(clause[verb])} {clause.Rest(whose)}")
            : null;
    }

    // "I only eat halal meat", "I only drink decaf"; not "I only eat when hungry".
    private static FoundFact? TakenOnly(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "only") || !IsThing(clause, at + 1))
        {
            return null;
        }

        if (clause[at] == "eat")
        {
            return MealTimes.Contains(clause[at + 1])
                ? null
                : new FoundFact(clause.Subject, FactTypes.Constraint, $"Only eats {clause.Rest(at + 1)}");
        }

        return Taking.Contains(clause[at]) && !Counted.Contains(clause[at + 1]) && !Recurrence.IsIn(clause, at, clause.End)
            ? Fact(clause, $"Only {ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}")
            : null;
    }

    private static bool IsThing(Clause clause, int at) =>
        at < clause.End && !Pointing.Contains(clause[at]) && !clause.PointsElsewhere(at)
        && !clause.Has(at, clause.End, i => clause[i] is "you" or "your");

    private static FoundFact Fact(Clause clause, string content) =>
        new(clause.Subject, FactTypes.Preference, ThirdPerson.Capitalised(content));
}
