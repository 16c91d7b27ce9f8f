namespace Actors.Extraction.Rules;

/// <summary>Outcomes that are told with a verb: "throughput went from 40 to 90", "the audit found two issues".</summary>
internal static class OutcomeRules
{
    private const int MaxSubjectWords = 8;

    private const int MaxAwardWords = 3;

    // "Attendance reached a record of 400."
    private const int MaxWordsToFigure = 4;

    private static readonly WordSet Measures = new(
        """
        test tests benchmark benchmarks revenue turnover attendance throughput conversion conversions traffic sales downloads uptime
        availability campaign pilot survey audit newsletter rate rates webinar study experiment trial profit margin coverage score nps
        load latency signups sign-ups subscriptions subscribers bookings donations churn costs emissions backlog time fundraiser
        crowdfunding auction import migration
        """);

    private static readonly PhraseSet Coming = new(
        """
        topped out at | peaked at | came in at | came to | averaged | scored | reached | hit | landed at | brought in | handled
        attracted | maxed out at | settled at | ended at | stood at | raised | took
        """);

    private static readonly WordSet Changing = new(
        "cut reduced saved increased raised lowered shortened improved halved lifted boosted brought");

    private static readonly WordSet Inquiries = new(
        """
        test tests audit survey study review analysis pilot inspection assessment benchmark scan investigation trial experiment poll
        audits interviews check
        """);

    private static readonly WordSet Finding = new("found showed shows revealed uncovered confirmed identified turned returned proved");

    private static readonly WordSet Arriving = new("late early again today on in at");

    private static readonly WordSet Enduring = new(
        "runs takes costs needs loads answers builds lasts finishes boots starts responds weighs uses opens");

    private static readonly WordSet Finished = new(
        """
        site website app shop portal relaunch redesign rollout refactoring move renovation onboarding webshop newsletter documentation
        cutover handover page platform
        """);

    private static readonly WordSet Awards = new(
        """
        cert certificate certification approval permit licence license grant funding loan contract deal tender award patent visa
        go-ahead green-light accreditation label subsidy
        """);

    private static readonly WordSet Persons = new("me my myself i him her his");

    private static readonly WordSet Pointing = new("it this that these those them him her you your so what nothing out");

    private static readonly WordSet Uncertain = new(
        """
        could may will would should shall can to not never if expect expected expects hope might must i you he she it they this that
        there what who when why how is are was were be has have had
        """);

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Group when clause.IsPossessive => Told(clause, clause.Body),
        ClauseSubject.Group => Got(clause) ?? Told(clause, clause.Body),
        ClauseSubject.Other when !SentenceGuards.IsPassing(clause) => NotedOutcomes.Find(clause) ?? Told(clause, clause.Start),
        _ => null,
    };

    /// <summary>The outcome that is told between two words.</summary>
    public static FoundFact Fact(Clause clause, int from, int end) =>
        new(ClauseSubject.Client, FactTypes.Result, ThirdPerson.Capitalised(clause.Text(from, end)), End: end);

    // "We got the certificate."
    private static FoundFact? Got(Clause clause)
    {
        var at = clause.Body;
        clause.Take(ref at, "have");
        clause.Take(ref at, "finally");
        if (clause[at] is not ("got" or "received" or "obtained" or "secured") || clause[at + 1] is not ("the" or "our" or "a" or "an"))
        {
            return null;
        }

        var award = at + 2;
        for (var i = award; i < Math.Min(clause.End, award + MaxAwardWords); i++)
        {
            if (Awards.Contains(clause[i]))
            {
                var isWhole = i + 1 == clause.End
                    || clause[i + 1] is "for" or "from" or "with" or "of" or "in"
                    || clause.Word(i).Break != '\0';
                return isWhole ? Fact(clause, at, clause.End) : null;
            }
        }

        return null;
    }

    // The words of the subject say which verbs tell an outcome: attendance reaches a figure, an audit finds something.
    private static FoundFact? Told(Clause clause, int from)
    {
        var (isMeasure, isInquiry) = (false, false);
        for (var i = from; i < Math.Min(clause.End - 1, from + MaxSubjectWords); i++)
        {
            if (i > from && clause[i] is "is" or "are")
            {
                return IsDone(clause, i) || IsUpOrDown(clause, i, isMeasure) ? Fact(clause, from, clause.EndOfStatement(i)) : null;
            }

            if (i > from && TellsOutcome(clause, i, isMeasure, isInquiry) is { } isOutcome)
            {
                return isOutcome ? Fact(clause, from, clause.End) : null;
            }

            if (Uncertain.Contains(clause[i]) || clause.Word(i).Break != '\0')
            {
                return null;
            }

            isMeasure |= Measures.Contains(clause[i]);
            isInquiry |= Inquiries.Contains(clause[i]);
        }

        return null;
    }

    // Whether a verb tells the outcome of its subject; null: the word is no such verb.
    private static bool? TellsOutcome(Clause clause, int verb, bool isMeasure, bool isInquiry)
    {
        if (WentFromTo(clause, verb))
        {
            return true;
        }

        var figure = verb;
        if (isMeasure && clause.Take(ref figure, Coming))
        {
            return clause.HasFigure(figure, figure + MaxWordsToFigure);
        }

        if (Changing.Contains(clause[verb]))
        {
            return IsChange(clause, verb);
        }

        if (isInquiry && Finding.Contains(clause[verb]))
        {
            return IsFinding(clause, verb);
        }

        return Enduring.Contains(clause[verb]) ? IsInsteadOf(clause, verb + 1) : null;
    }

    // "The migration is done."
    private static bool IsDone(Clause clause, int verb)
    {
        var done = verb + 1 + (clause[verb + 1] is "now" or "finally" or "fully" ? 1 : 0);
        if (clause[done] is not ("done" or "complete" or "completed" or "finished" or "live"))
        {
            return false;
        }

        var ends = done + 1 == clause.End || clause[done + 1] is "since" or "and" or "in" || clause.Word(done).Break != '\0';
        return ends && (Finished.Contains(clause[verb - 1]) || NotedOutcomes.Things.Contains(clause[verb - 1]));
    }

    // "Churn is down to 2%."
    private static bool IsUpOrDown(Clause clause, int verb, bool isMeasure) =>
        clause[verb + 1] is "up" or "down"
            && (isMeasure || clause.Text(verb, clause.End).Contains('%'))
            && clause.HasFigure(verb + 2, verb + 2 + MaxWordsToFigure)
            && !IsOfPerson(clause, verb);

    // "Throughput went from 40 to 90 orders."
    private static bool WentFromTo(Clause clause, int verb) =>
        clause[verb] == "went"
            && clause[verb + 1] == "from"
            && clause.HasFigure(verb + 2, verb + 3)
            && clause.Has(verb + 3, clause.End, i => clause[i] == "to");

    // "The new cache cut load times by half", "the redesign saved 3 days".
    private static bool IsChange(Clause clause, int verb)
    {
        var saysHowMuch = HasBy(clause, verb + 1) || (clause[verb] == "saved" && clause.HasFigure(verb + 1, verb + 4));
        return saysHowMuch && !IsOfPerson(clause, verb);
    }

    private static bool HasBy(Clause clause, int from) =>
        clause.Has(from, clause.End - 1, i => clause[i] == "by" && (IsShare(clause, i + 1) || IsAmount(clause, i + 1)));

    // "By half", "by two thirds".
    private static bool IsShare(Clause clause, int at) =>
        clause[at] == "half" || (clause[at] is "a" or "two" && clause[at + 1] is "third" or "thirds" or "quarter");

    // "By 40%", "by 3 days", "by about 60 percent"; "by 9" is a time.
    private static bool IsAmount(Clause clause, int at)
    {
        var isTime = at + 1 >= clause.End && !clause[at].AsSpan().ContainsAny("%€$£") && clause[at].Count(char.IsAsciiDigit) <= 2;
        return clause.HasFigure(at, at + 3) && !isTime;
    }

    // "The audit found two issues", "the scan turned up nothing".
    private static bool IsFinding(Clause clause, int verb)
    {
        if (clause[verb + 1] == "up")
        {
            // "The survey found up to 12 errors"; "the tests showed up late" finds nothing.
            var isMuch = clause[verb] == "turned" ? !Arriving.Contains(clause[verb + 2]) : clause[verb + 2] == "to";
            return isMuch && verb + 2 < clause.End && !IsOfPerson(clause, verb);
        }

        return clause[verb] is not ("turned" or "returned" or "proved")
            && verb + 2 < clause.End
            && !Pointing.Contains(clause[verb + 1])
            && !IsOfPerson(clause, verb);
    }

    // "The build takes 4 minutes instead of 11."
    private static bool IsInsteadOf(Clause clause, int from)
    {
        for (var i = from; i < clause.End - 2; i++)
        {
            if (clause[i] is "instead" or "down" or "up" && clause[i + 1] is "of" or "from")
            {
                return clause.HasFigure(from, i) && clause.HasFigure(i + 2, clause.End);
            }
        }

        return false;
    }

    private static bool IsOfPerson(Clause clause, int from) => clause.Has(from, Persons);
}
