namespace Actors.Extraction.Rules;

/// <summary>What people ask for once and for all: "no calls on Fridays", "please don't call me before nine".</summary>
internal static class RequestRules
{
    private static readonly WordSet Withheld = new(
        "call text phone ring email contact message book schedule plan put deploy release ship merge");

    private static readonly WordSet Hours = new("six seven eight nine ten eleven noon lunch");

    private static readonly WordSet Pointing = new("it this that these those them him her you your any");

    private static readonly WordSet Ordered = new(
        """
        call send book schedule use reply answer write email contact share deploy ship push merge include add ask cc invoice charge order
        put offer plan print release commit publish delete store copy forward sign pay mention address translate format spell quote
        attach encrypt keep round seat reserve choose avoid start summarise summarize refer
        """);

    private static readonly WordSet Forbidden = new(
        """
        calls call meetings meeting deployments deploys deploy releases release emails work changes discounts travel alcohol meat nuts
        gluten appointments phone deliveries visits overtime advertising cookies subcontractors purchases refunds payments newsletters
        invoices workshops visitors bookings orders smoking parking cash messages msgs photos videos shifts
        """);

    // "No emails from Ana" is news.
    private static readonly WordSet Seen = new(
        "changes emails messages msgs orders visitors photos visits bookings payments deliveries refunds invoices purchases");

    private static readonly WordSet Limiting = new("on after before during without at over above between in for to from under until");

    private static readonly WordSet LimitingNothing = new("with containing before after above over under");

    private static readonly WordSet Asked = new("please ever thanks");

    private static readonly PhraseSet FirmNo = new("hard no on | hard no to | hard no for | strictly no | absolutely no");

    // "Absolutely no idea."
    private static readonly WordSet IdlyDenied = new("idea clue problem way one reason doubt need chance issue me");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Order => Order(clause) ?? NoneOf(clause) ?? Nothing(clause),
        ClauseSubject.Other => HardNo(clause) ?? DoNot(clause),
        _ => null,
    };

    /// <summary>Whether a word names what people ask to be spared.</summary>
    public static bool IsForbidden(string word) => Forbidden.Contains(word);

    /// <summary>Whether a word stands for a thing that it does not name.</summary>
    public static bool IsPointing(string word) => Pointing.Contains(word);

    // "Always send me the invoice as PDF."
    private static FoundFact? Order(Clause clause)
    {
        var at = clause.Body + 1;
        if (clause[clause.Body] == "no" || !Ordered.Contains(clause[at])
            || at + 1 >= clause.End || Pointing.Contains(clause[at + 1]) || clause.PointsElsewhere(at + 1))
        {
            return null;
        }

        var isOwn = clause.Has(at, clause.End, i => IsOwn(clause[i]));
        return Fact(isOwn ? ClauseSubject.Speaker : ClauseSubject.Client, clause.Rest(clause.Body));
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
            if (!Forbidden.Contains(clause[i]))
            {
                continue;
            }

            if (IsWholeRequest(clause, i))
            {
                return Fact(ClauseSubject.Speaker, clause.Text(clause.Body, i + 1), i + 1);
            }

            if (IsLimited(clause, i) || IsOfDayOrAsked(clause, i))
            {
                return Standing(clause, clause.Body);
            }
        }

        return null;
    }

    // "Please no calls", "no phone, please".
    private static bool IsWholeRequest(Clause clause, int at)
    {
        var words = clause.Sentence.Words;
        var isLast = at + 1 == clause.End || clause.Word(at).Break == ',';
        return isLast && (clause.Start < clause.Body || (at + 1 < words.Count && words[at + 1].Text is "please" or "ever"));
    }

    // "No meetings before ten."
    private static bool IsLimited(Clause clause, int at) =>
        at + 2 < clause.End && Limiting.Contains(clause[at + 1])
        && !(Seen.Contains(clause[at]) && clause[at + 1] is "in" or "from" or "for");

    // "No meetings wed", "no discounts ever".
    private static bool IsOfDayOrAsked(Clause clause, int at) =>
        at + 2 == clause.End && (Recurrence.IsDay(clause[at + 1]) || clause[at + 1] is "please" or "ever");

    // "Nothing with cilantro, please."
    private static FoundFact? Nothing(Clause clause)
    {
        if (clause.Start != 0 || clause[clause.Body] != "nothing" || !LimitingNothing.Contains(clause[clause.Body + 1]))
        {
            return null;
        }

        var words = clause.Sentence.Words;
        var end = clause.EndOfStatement(clause.Body);
        var isAsked = clause.Start < clause.Body || Asked.Contains(clause[end - 1])
            || (end < words.Count && Asked.Contains(words[end].Text));
        if (clause[end - 1] is "please" or "thanks")
        {
            end--;
        }

        return isAsked && end - clause.Body is > 2 and < 7 && !clause.PointsElsewhere(clause.Body) && !SentenceGuards.IsPassing(clause)
            ? Fact(ClauseSubject.Speaker, clause.Text(clause.Body, end), end)
            : null;
    }

    // "Hard no on stock photos."
    private static FoundFact? HardNo(Clause clause)
    {
        var at = clause.Start;
        return clause.Take(ref at, FirmNo)
            && at < clause.End && !IdlyDenied.Contains(clause[at]) && !clause.PointsElsewhere(at) && !SentenceGuards.IsPassing(clause)
            ? Standing(clause, clause.Start)
            : null;
    }

    // "Please don't call me before nine", "don't deploy on Fridays".
    private static FoundFact? DoNot(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "please" or "pls" ? 1 : 0);
        var at = start;
        if (!clause.Take(ref at, "do not") || SentenceGuards.IsPassing(clause) || clause.PointsElsewhere(at))
        {
            return null;
        }

        clause.Take(ref at, "ever");
        return Withheld.Contains(clause[at]) && clause.Has(at + 1, clause.End, i => Recurrence.IsManyDays(clause[i]) || IsBound(clause, i))
            ? Standing(clause, start)
            : null;
    }

    private static bool IsBound(Clause clause, int at) =>
        clause[at] is "before" or "after" && (ClockTimes.MayBeTime(clause, at + 1) || Hours.Contains(clause[at + 1]));

    // Theirs who speak of themselves beside it: "no meetings wed, it's my thesis day".
    private static FoundFact Standing(Clause clause, int from)
    {
        var isOwn = clause.Sentence.Words.Any(word => IsOwn(word.Text));
        return Fact(isOwn ? ClauseSubject.Speaker : ClauseSubject.Client, clause.Rest(from));
    }

    private static bool IsOwn(string word) => word is "my" or "me" or "i";

    private static FoundFact Fact(ClauseSubject about, string content, int? end = null) =>
        new(about, FactTypes.Constraint, ThirdPerson.Capitalised(content), End: end);
}
