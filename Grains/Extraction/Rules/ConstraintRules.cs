namespace Actors.Extraction.Rules;

/// <summary>What people do not do or cannot; what they ask for once and for all is read by <see cref="RequestRules"/>.</summary>
internal static class ConstraintRules
{
    private static readonly WordSet Abstaining = new(
        "eat drink smoke work take fly drive travel use accept answer schedule book buy wear join meet share order eat pay attend");

    // Whether others answer or pay is gossip.
    private static readonly WordSet OfOthers = new("eat drink smoke fly drive travel work wear take accept");

    private static readonly WordSet Unable = new("eat drink fly drive swim lift wear climb work take");

    private static readonly WordSet NeedsNoObject = new("drink smoke drive fly swim");

    // "I don't eat here", "I don't drive much".
    private static readonly WordSet NoObject = new("here well much enough for like");

    private static readonly WordSet Foods = new(
        "dairy gluten nuts meat fish shellfish eggs lactose alcohol caffeine sugar pork wheat peanuts soy milk coffee cheese");

    private static readonly WordSet Diets = new("vegan vegetarian pescatarian");

    private static readonly WordSet Conditions = new(
        "diabetic celiac coeliac colorblind colourblind color-blind colour-blind dyslexic deaf teetotal kosher gluten-free");

    private static readonly WordSet BeforeConditions = new("a an strict severely also highly");

    private static readonly WordSet BeforeAnyAllergy = new("a an no some my");

    // What is not done by whoever does not do it at all.
    private static readonly WordSet Undone = new(
        """
        weekends overtime mornings evenings nights calls phones phone video small breakfast coffee alcohol dairy gluten crypto
        facebook whatsapp sundays saturdays mondays fridays
        """);

    private static readonly WordSet Times = new("weekends mornings evenings");

    public static FoundFact? Find(Clause clause)
    {
        if (!clause.IsPerson)
        {
            return RequestRules.Find(clause);
        }

        return clause.IsPossessive || SentenceGuards.IsPassing(clause) ? null : Own(clause);
    }

    private static FoundFact? Own(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "am"))
        {
            return NotAllowed(clause, at) ?? Being(clause, at);
        }

        return HasAllergy(clause) ?? Barred(clause) ?? Unwanted(clause) ?? Abstains(clause);
    }

    // "I'm not allowed to lift weights", "I'm not allowed to fly".
    private static FoundFact? NotAllowed(Clause clause, int start)
    {
        var at = start;
        var isNamed = clause.Take(ref at, "not allowed to")
            && (IsNamed(clause, at + 1) || (at + 1 == clause.End && NeedsNoObject.Contains(clause[at])));
        return isNamed && !clause.PointsElsewhere(at)
            ? Fact(clause, $"Is {clause.Rest(start)}")
            : null;
    }

    // "I'm a strict vegetarian", "I'm lactose intolerant", "I'm severely allergic to bees".
    private static FoundFact? Being(Clause clause, int start)
    {
        var at = start;
        while (BeforeConditions.Contains(clause[at]))
        {
            at++;
        }

        var isLast = at + 1 == clause.End;
        if (Diets.Contains(clause[at]) && (isLast || clause.Word(at).Break != '\0' || clause[at + 1] is "since" or "for"))
        {
            return new FoundFact(clause.Subject, FactTypes.Constraint, $"Is {clause[at]}", "diet", at + 1);
        }

        if (clause[at + 1] == "intolerant")
        {
            return new FoundFact(clause.Subject, FactTypes.Constraint, $"Is {clause.Text(start, at + 2)}", End: at + 2);
        }

        var hasCondition = Conditions.Contains(clause[at]) && (isLast || clause.Word(at).Break == ',' || clause[at + 1] == "type");
        return hasCondition || IsAllergic(clause, at) ? Fact(clause, $"Is {clause.Rest(start)}") : null;
    }

    // Whoever is allergic to Mondays jokes.
    private static bool IsAllergic(Clause clause, int at) =>
        clause.Take(ref at, "allergic to") && IsNamed(clause, at)
        && !Recurrence.IsDay(clause[at].TrimEnd('s')) && !Recurrence.IsMonth(clause[at]);

    // "I have a shellfish allergy", "I have an allergy to nuts", "I've got nut allergies".
    private static FoundFact? HasAllergy(Clause clause)
    {
        var at = clause.Body;
        if (!clause.Take(ref at, "have"))
        {
            return null;
        }

        clause.Take(ref at, "got");
        for (var i = at; i < Math.Min(clause.End, at + 5); i++)
        {
            if (clause[i] is "allergy" or "allergies" or "intolerance")
            {
                var isTold = i - at > 1 || clause[i + 1] == "to" || (i > at && !BeforeAnyAllergy.Contains(clause[at]));
                return isTold ? Fact(clause, $"Has {clause.Rest(at)}") : null;
            }
        }

        return null;
    }

    // "I can't do Mondays", "I can't have dairy".
    private static FoundFact? Barred(Clause clause)
    {
        var at = clause.Body;
        var isBarred = clause.Take(ref at, "can not do")
            ? Recurrence.IsManyDays(clause[at]) || Times.Contains(clause[at]) || (Undone.Contains(clause[at]) && at + 1 < clause.End)
            : clause.Take(ref at, "can not have") && (Recurrence.IsManyDays(clause[at]) || Foods.Contains(clause[at]));
        return isBarred ? Fact(clause, $"Cannot {clause.Rest(at - 1)}") : null;
    }

    // "I don't want calls after six."
    private static FoundFact? Unwanted(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, "do not want")
            && (RequestRules.IsForbidden(clause[at]) || RequestRules.IsForbidden(clause[at + 1]))
            && IsNamed(clause, at) && clause[at] is not ("to" or "the" or "my") && !clause.PointsElsewhere(at)
            ? Fact(clause, $"Does not want {clause.Rest(at)}")
            : null;
    }

    // "I don't do overtime", "I don't eat pork", "I can't swim", "I never fly".
    private static FoundFact? Abstains(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "do not do"))
        {
            return Undone.Contains(clause[at]) ? Fact(clause, $"Does not do {clause.Rest(at)}") : null;
        }

        var habits = clause.IsThird ? OfOthers : Abstaining;
        if (clause.Take(ref at, "do not") && habits.Contains(clause[at]) && HasObject(clause, at))
        {
            return Fact(clause, $"Does not {clause.Rest(at)}");
        }

        if (clause.Take(ref at, "can not") && Unable.Contains(clause[at]) && HasObject(clause, at))
        {
            return Fact(clause, $"Cannot {clause.Rest(at)}");
        }

        return clause.Take(ref at, "never") && habits.Contains(clause[at]) && HasObject(clause, at)
            ? Fact(clause, $"Never {ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}".TrimEnd())
            : null;
    }

    private static bool HasObject(Clause clause, int verb)
    {
        var at = verb + 1;
        if (at >= clause.End)
        {
            return NeedsNoObject.Contains(clause[verb]);
        }

        return IsNamed(clause, at) && !NoObject.Contains(clause[at]) && !clause.PointsElsewhere(at);
    }

    private static bool IsNamed(Clause clause, int at) => at < clause.End && !RequestRules.IsPointing(clause[at]);

    private static FoundFact Fact(Clause clause, string content) => new(clause.Subject, FactTypes.Constraint, content);
}
