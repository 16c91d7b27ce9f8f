namespace Actors.Extraction.Rules;

/// <summary>What people do not do or cannot, and what they ask for once and for all.</summary>
internal static class ConstraintRules
{
    private static readonly WordSet Abstaining = new("eat drink smoke work take fly drive travel use accept answer schedule book buy wear join meet share order eat pay attend");

    // Whether others answer or pay is gossip.
    private static readonly WordSet OfOthers = new("eat drink smoke fly drive travel work wear take accept");

    private static readonly WordSet Withheld = new("call text phone ring email contact message book schedule plan put deploy release ship merge");

    private static readonly WordSet Hours = new("six seven eight nine ten eleven noon lunch");

    private static readonly WordSet Foods = new("dairy gluten nuts meat fish shellfish eggs lactose alcohol caffeine sugar pork wheat peanuts soy milk coffee cheese");

    private static readonly WordSet Unable = new("eat drink fly drive swim lift wear climb work take");

    private static readonly WordSet NeedsNoObject = new("drink smoke drive fly swim");

    private static readonly WordSet Pointing = new("it this that these those them him her you your any");

    private static readonly WordSet Diets = new("vegan vegetarian pescatarian");

    private static readonly WordSet Conditions = new("diabetic celiac coeliac colorblind colourblind color-blind colour-blind dyslexic deaf teetotal kosher gluten-free");

    private static readonly WordSet Ordered = new(
        """
        call send book schedule use reply answer write email contact share deploy ship push merge include add ask cc invoice charge order put offer plan print release commit
        publish delete store copy forward sign pay mention address translate format spell quote attach encrypt keep round seat reserve choose avoid start summarise summarize refer
        """);

    private static readonly WordSet Forbidden = new(
        """
        calls call meetings meeting deployments deploys deploy releases release emails work changes discounts travel alcohol meat nuts gluten appointments phone deliveries visits
        overtime advertising cookies subcontractors purchases refunds payments newsletters invoices workshops visitors bookings orders smoking parking cash messages msgs photos videos shifts
        """);

    // "No emails from Ana" is news.
    private static readonly WordSet Seen = new("changes emails messages msgs orders visitors photos visits bookings payments deliveries refunds invoices purchases");

    private static readonly WordSet Limiting = new("on after before during without at over above between in for to from under until");

    // What is not done by whoever does not do it at all.
    private static readonly WordSet Undone = new("weekends overtime mornings evenings nights calls phones phone video small breakfast coffee alcohol dairy gluten crypto facebook whatsapp sundays saturdays mondays fridays");

    public static FoundFact? Find(Clause clause)
    {
        if (clause.IsPerson)
        {
            return clause.IsPossessive || SentenceGuards.IsPassing(clause) ? null : Own(clause);
        }

        return clause.Subject switch
        {
            ClauseSubject.Order => Order(clause) ?? NoneOf(clause) ?? Nothing(clause),
            ClauseSubject.Other => HardNo(clause) ?? DoNot(clause),
            _ => null,
        };
    }

    private static FoundFact? Own(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "am"))
        {
            return Being(clause, at);
        }

        if (clause.Take(ref at, "have") && Allergy(clause, clause[at] == "got" ? ++at : at))
        {
            return Fact(clause, $"Has {clause.Rest(at)}");
        }

        if (Barred(clause) is { } barred)
        {
            return barred;
        }

        at = clause.Body;
        if (clause.Take(ref at, "do not do"))
        {
            return Undone.Contains(clause[at]) ? Fact(clause, $"Does not do {clause.Rest(at)}") : null;
        }

        at = clause.Body;
        if (clause.Take(ref at, "do not") && (clause.IsThird ? OfOthers : Abstaining).Contains(clause[at]) && HasObject(clause, at))
        {
            return Fact(clause, $"Does not {clause.Rest(at)}");
        }

        if (clause.Take(ref at, "can not") && Unable.Contains(clause[at]) && HasObject(clause, at))
        {
            return Fact(clause, $"Cannot {clause.Rest(at)}");
        }

        return clause.Take(ref at, "never") && (clause.IsThird ? OfOthers : Abstaining).Contains(clause[at]) && HasObject(clause, at)
            ? Fact(clause, $"Never {ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}".TrimEnd())
            : null;
    }

    private static FoundFact? Being(Clause clause, int at)
    {
        var start = at;
        if (clause.Take(ref at, "not allowed to"))
        {
            return at + 1 < clause.End && !Pointing.Contains(clause[at + 1]) && !clause.PointsElsewhere(at) ? Fact(clause, $"Is {clause.Rest(start)}") : null;
        }

        while (clause[at] is "a" or "an" or "strict" or "severely" or "also" or "highly")
        {
            at++;
        }

        if (Diets.Contains(clause[at]) && (at + 1 == clause.End || clause.Word(at).Break != '\0' || clause[at + 1] is "since" or "for"))
        {
            return new FoundFact(clause.Subject, FactTypes.Constraint, $"Is {clause[at]}", "diet", at + 1);
        }

        if (clause[at + 1] == "intolerant")
        {
            return new FoundFact(clause.Subject, FactTypes.Constraint, $"Is {clause.Text(start, at + 2)}", End: at + 2);
        }

        return (clause[at] == "allergic" && clause[at + 1] == "to" && at + 2 < clause.End && !Pointing.Contains(clause[at + 2]) && !Recurrence.IsDay(clause[at + 2].TrimEnd('s')) && !Recurrence.IsMonth(clause[at + 2])) || (Conditions.Contains(clause[at]) && (at + 1 == clause.End || clause.Word(at).Break == ',' || clause[at + 1] == "type"))
            ? Fact(clause, $"Is {clause.Rest(start)}")
            : null;
    }

    // "I can't do Mondays", "I can't have dairy", "I don't want calls after six".
    private static FoundFact? Barred(Clause clause)
    {
        var at = clause.Body;
        if (clause.Take(ref at, "can not do") || clause.Take(ref at, "can not have"))
        {
            var isBarred = Recurrence.IsManyDays(clause[at]) || (clause[at - 1] == "have" ? Foods.Contains(clause[at]) : Undone.Contains(clause[at]) && clause.End - at != 1 || clause[at] is "weekends" or "mornings" or "evenings");
            return isBarred ? Fact(clause, $"Cannot {clause.Rest(at - 1)}") : null;
        }

        return clause.Take(ref at, "do not want") && (Forbidden.Contains(clause[at]) || Forbidden.Contains(clause[at + 1])) && !Pointing.Contains(clause[at]) && clause[at] is not ("to" or "the" or "my") && !clause.PointsElsewhere(at)
            ? Fact(clause, $"Does not want {clause.Rest(at)}")
            : null;
    }

    // "A shellfish allergy", "an allergy to nuts", "nut allergies".
    private static bool Allergy(Clause clause, int at)
    {
        for (var i = at; i < Math.Min(clause.End, at + 5); i++)
        {
            if (clause[i] is "allergy" or "allergies" or "intolerance")
            {
                return i - at > 1 || clause[i + 1] == "to" || (i > at && clause[at] is not ("a" or "an" or "no" or "some" or "my"));
            }
        }

        return false;
    }

    private static FoundFact? Order(Clause clause)
    {
        var (at, word) = (clause.Body + 1, clause[clause.Body]);
        if (word == "no" || !Ordered.Contains(clause[at]) || at + 1 >= clause.End || Pointing.Contains(clause[at + 1]) || clause.PointsElsewhere(at + 1))
        {
            return null;
        }

        var about = ClauseSubject.Client;
        for (var i = at; i < clause.End; i++)
        {
            about = clause[i] is "me" or "my" or "i" ? ClauseSubject.Speaker : about;
        }

        return new FoundFact(about, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(clause.Body)));
    }

    // "No calls on Fridays", "no meetings wed".
    private static FoundFact? NoneOf(Clause clause)
    {
        if (clause[clause.Body] != "no" || clause.PointsElsewhere(clause.Body) || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        for (var i = clause.Body + 1; i < Math.Min(clause.End, clause.Body + 4); i++)
        {
            var isLast = i + 1 == clause.End || clause.Word(i).Break == ',';
            var next = isLast && i + 1 < clause.Sentence.Words.Count ? clause.Sentence.Words[i + 1].Text : "";
            if (Forbidden.Contains(clause[i]) && ((isLast && clause.Start < clause.Body) || next is "please" or "ever"))
            {
                return new FoundFact(ClauseSubject.Speaker, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Text(clause.Body, i + 1)), End: i + 1);
            }

            if (Forbidden.Contains(clause[i]) && ((i + 2 < clause.End && Limiting.Contains(clause[i + 1]) && !(Seen.Contains(clause[i]) && clause[i + 1] is "in" or "from" or "for")) || (i + 2 == clause.End && (Recurrence.IsDay(clause[i + 1]) || clause[i + 1] is "please" or "ever"))))
            {
                return Standing(clause, clause.Body);
            }
        }

        return null;
    }

    // "Nothing with cilantro, please."
    private static FoundFact? Nothing(Clause clause)
    {
        var words = clause.Sentence.Words;
        var end = clause.EndOfStatement(clause.Body);
        var isLast = clause[end - 1] is "please" or "ever" or "thanks";
        var isAsked = clause.Start < clause.Body || isLast || (end < words.Count && words[end].Text is "please" or "ever" or "thanks");
        end -= clause[end - 1] is "please" or "thanks" ? 1 : 0;
        return clause[clause.Body] == "nothing" && isAsked && clause.Start == 0 && clause[clause.Body + 1] is "with" or "containing" or "before" or "after" or "above" or "over" or "under"
            && end - clause.Body is > 2 and < 7 && !clause.PointsElsewhere(clause.Body) && !SentenceGuards.IsPassing(clause)
            ? new FoundFact(ClauseSubject.Speaker, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Text(clause.Body, end)), End: end)
            : null;
    }

    // "Hard no on stock photos."
    private static FoundFact? HardNo(Clause clause)
    {
        var at = clause.Start;
        return (clause.Take(ref at, "hard no on") || clause.Take(ref at, "hard no to") || clause.Take(ref at, "hard no for") || clause.Take(ref at, "strictly no") || clause.Take(ref at, "absolutely no"))
            && at < clause.End && !clause.PointsElsewhere(at) && clause[at] is not ("idea" or "clue" or "problem" or "way" or "one" or "reason" or "doubt" or "need" or "chance" or "issue" or "me")
            && !SentenceGuards.IsPassing(clause)
            ? Standing(clause, clause.Start)
            : null;
    }

    // "Please don't call me before nine", "don't deploy on Fridays".
    private static FoundFact? DoNot(Clause clause)
    {
        var at = clause.Start + (clause[clause.Start] is "please" or "pls" ? 1 : 0);
        var start = at;
        if (!clause.Take(ref at, "do not") || SentenceGuards.IsPassing(clause) || clause.PointsElsewhere(at))
        {
            return null;
        }

        clause.Take(ref at, "ever");
        for (var i = at + 1; Withheld.Contains(clause[at]) && i < clause.End; i++)
        {
            if (Recurrence.IsManyDays(clause[i]) || (clause[i] is "before" or "after" && (ClockTimes.MayBeTime(clause, i + 1) || Hours.Contains(clause[i + 1]))))
            {
                return Standing(clause, start);
            }
        }

        return null;
    }

    // Theirs who speak of themselves beside it: "no meetings wed, it's my thesis day".
    private static FoundFact Standing(Clause clause, int from)
    {
        var about = clause.Sentence.Words.Any(word => word.Text is "my" or "me" or "i") ? ClauseSubject.Speaker : ClauseSubject.Client;
        return new FoundFact(about, FactTypes.Constraint, ThirdPerson.Capitalised(clause.Rest(from)));
    }

    private static bool HasObject(Clause clause, int at) =>
        at + 1 < clause.End ? !Pointing.Contains(clause[at + 1]) && !clause.PointsElsewhere(at + 1) && clause[at + 1] is not ("here" or "well" or "much" or "enough" or "for" or "like") : NeedsNoObject.Contains(clause[at]);

    private static FoundFact Fact(Clause clause, string content) => new(clause.Subject, FactTypes.Constraint, content);
}
