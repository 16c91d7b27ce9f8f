namespace Actors.Extraction.Rules;

/// <summary>Outcomes that are told with figures or in note form: "down from 41 bugs to 6", "latency 300 → 120 ms", "contract signed", "the audit found two issues".</summary>
internal static class OutcomeRules
{
    private const int MaxSubjectWords = 8;

    private static readonly WordSet Changing = new("cut reduced saved increased raised lowered shortened improved halved lifted boosted brought");

    private static readonly WordSet Measures = new(
        """
        test tests benchmark benchmarks revenue turnover attendance throughput conversion conversions traffic sales downloads uptime availability campaign pilot survey audit newsletter rate rates
        webinar study experiment trial profit margin coverage score nps load latency signups sign-ups subscriptions subscribers bookings donations churn costs emissions backlog time fundraiser crowdfunding auction import migration
        """);

    private static readonly PhraseSet Coming = new(
        "topped out at | peaked at | came in at | came to | averaged | scored | reached | hit | landed at | brought in | handled | attracted | maxed out at | settled at | ended at | stood at | raised | took");

    private static readonly WordSet Inquiries = new("test tests audit survey study review analysis pilot inspection assessment benchmark scan investigation trial experiment poll audits interviews check");

    private static readonly WordSet Finding = new("found showed shows revealed uncovered confirmed identified turned returned proved");

    private static readonly WordSet Enduring = new("runs takes costs needs loads answers builds lasts finishes boots starts responds weighs uses opens");

    private static readonly WordSet Things = new(
        """
        contract offer migration project pilot rollout release audit milestone acquisition merger sale deal tender patent grant lease loan budget permit application certification
        renewal proposal bid funding visa prototype agreement integration claim server domain vacancy position licence license
        """);

    private static readonly WordSet Done = new(
        "signed extended renewed accepted approved rejected won lost completed delivered shipped closed cancelled canceled launched granted awarded finished passed secured filled terminated deployed merged");

    private static readonly WordSet Finished = new("site website app shop portal relaunch redesign rollout refactoring move renovation onboarding webshop newsletter documentation cutover handover page platform");

    private static readonly WordSet Awards = new("cert certificate certification approval permit licence license grant funding loan contract deal tender award patent visa go-ahead green-light accreditation label subsidy");

    private static readonly WordSet Pointing = new("it this that these those them him her you your so what nothing out");

    private static readonly WordSet Uncertain = new("could may will would should shall can to not never if expect expected expects hope might must i you he she it they this that there what who when why how is are was were be has have had");

    public static FoundFact? Find(Clause clause)
    {
        if (clause.Subject == ClauseSubject.Group)
        {
            return clause.IsPossessive ? Figure(clause, clause.Body) : Got(clause) ?? Figure(clause, clause.Body);
        }

        return clause.Subject == ClauseSubject.Other && !SentenceGuards.IsPassing(clause) ? FromTo(clause) ?? Arrow(clause) ?? NoteForm(clause) ?? Figure(clause, clause.Start) : null;
    }

    // "Down from 41 open bugs to 6."
    private static FoundFact? FromTo(Clause clause)
    {
        if (clause[clause.Start] is not ("down" or "up") || clause[clause.Start + 1] != "from")
        {
            return null;
        }

        var to = clause.Start + 2;
        while (to < clause.End && clause[to] != "to")
        {
            to++;
        }

        return HasFigure(clause, clause.Start + 2, to) && HasFigure(clause, to, Math.Min(clause.End, to + 4)) ? Fact(clause, clause.Start, clause.EndOfStatement(to)) : null;
    }

    // "Coverage 81 → 93": the arrow is no word.
    private static FoundFact? Arrow(Clause clause)
    {
        for (var i = clause.Start + 1; i < Math.Min(clause.End - 1, clause.Start + MaxSubjectWords); i++)
        {
            if (clause.Word(i).Break == ',')
            {
                return null;
            }

            var gap = clause.Sentence.Memory.AsSpan(clause.Word(i).End, Math.Max(0, clause.Word(i + 1).Start - clause.Word(i).End));
            if (gap.Contains('→') || gap.Contains("->", StringComparison.Ordinal))
            {
                return HasFigure(clause, i, i + 1) && HasFigure(clause, i + 1, i + 2) ? Fact(clause, clause.Start, clause.EndOfStatement(i + 1)) : null;
            }
        }

        return null;
    }

    // "Contract extended till 2026."
    private static FoundFact? NoteForm(Clause clause)
    {
        for (var i = clause.Start; i < Math.Min(clause.End - 1, clause.Start + 3); i++)
        {
            if (Things.Contains(clause[i]))
            {
                return clause[clause.Start] is not ("the" or "a" or "our" or "no") && Done.Contains(clause[i + 1]) && clause[i + 2] is not ("by" or "copy" or "copies") && !(clause[i + 1] == "lost" && clause[i + 2] == "in") && clause[clause.End - 1] is not ("again" or "yet") && clause.Word(i).Break == '\0'
                    ? Fact(clause, clause.Start, clause.EndOfStatement(i + 1))
                    : null;
            }
        }

        return null;
    }

    private static FoundFact? Figure(Clause clause, int from)
    {
        var (words, isMeasure, isInquiry) = (clause.Sentence.Words, false, false);
        for (var i = from; i < Math.Min(clause.End - 1, from + MaxSubjectWords); i++)
        {
            // "The migration is done", "churn is down to 2%".
            if (clause[i] is "is" or "are" && i > from)
            {
                return IsDone(clause, i) || (clause[i + 1] is "up" or "down" && (isMeasure || clause.Text(i, clause.End).Contains('%')) && HasFigure(clause, i + 2, Math.Min(clause.End, i + 6)) && !IsOfSpeaker(clause, i)) ? Fact(clause, from, clause.EndOfStatement(i)) : null;
            }

            if (i > from && clause[i] == "went" && clause[i + 1] == "from" && HasFigure(clause, i + 2, i + 3) && Enumerable.Range(i + 3, Math.Max(0, clause.End - i - 3)).Any(word => clause[word] == "to"))
            {
                return Fact(clause, from, clause.End);
            }

            if (isMeasure && Coming.LengthAt(words, i, clause.End) is > 0 and var length)
            {
                return HasFigure(clause, i + length, Math.Min(clause.End, i + length + 4)) ? Fact(clause, from, clause.End) : null;
            }

            if (i > from && Changing.Contains(clause[i]))
            {
                return (HasBy(clause, i + 1) || (clause[i] == "saved" && HasFigure(clause, i + 1, Math.Min(clause.End, i + 4)))) && !IsOfSpeaker(clause, i) ? Fact(clause, from, clause.End) : null;
            }

            if (isInquiry && Finding.Contains(clause[i]))
            {
                return clause[i] is not ("turned" or "returned" or "proved") && i + 2 < clause.End && !Pointing.Contains(clause[i + 1]) && !IsOfSpeaker(clause, i) || clause[i + 1] == "up" ? Fact(clause, from, clause.End) : null;
            }

            if (i > from && Enduring.Contains(clause[i]))
            {
                return IsInsteadOf(clause, i + 1) ? Fact(clause, from, clause.End) : null;
            }

            if (Uncertain.Contains(clause[i]) || clause.Word(i).Break != '\0')
            {
                return null;
            }

            (isMeasure, isInquiry) = (isMeasure || Measures.Contains(clause[i]), isInquiry || Inquiries.Contains(clause[i]));
        }

        return null;
    }

    private static bool IsDone(Clause clause, int at)
    {
        var next = at + 1 + (clause[at + 1] is "now" or "finally" or "fully" ? 1 : 0);
        var isDone = clause[next] is "done" or "complete" or "completed" or "finished" or "live" && (Finished.Contains(clause[at - 1]) || Things.Contains(clause[at - 1]));
        return isDone && (next + 1 == clause.End || clause[next + 1] is "since" or "and" or "in" || clause.Word(next).Break != '\0');
    }

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

        for (var i = at + 2; i < Math.Min(clause.End, at + 5); i++)
        {
            if (Awards.Contains(clause[i]))
            {
                return i + 1 == clause.End || clause[i + 1] is "for" or "from" or "with" or "of" or "in" || clause.Word(i).Break != '\0' ? Fact(clause, at, clause.End) : null;
            }
        }

        return null;
    }

    // "By about 60 percent."
    private static bool HasBy(Clause clause, int from)
    {
        for (var i = from; i < clause.End - 1; i++)
        {
            // "By 40%", "by three days", "by half"; "by 9" is a time.
            var hasFigure = HasFigure(clause, i + 1, Math.Min(clause.End, i + 4)) && (clause[i + 1].AsSpan().ContainsAny("%€$£") || i + 2 < clause.End || clause[i + 1].Count(char.IsAsciiDigit) > 2);
            if ((clause[i] == "by" && (hasFigure || clause[i + 1] is "half")) || (clause[i] is "by" && clause[i + 1] is "a" or "two" && clause[i + 2] is "third" or "thirds" or "quarter"))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfSpeaker(Clause clause, int from) => Enumerable.Range(from, clause.End - from).Any(i => clause[i] is "me" or "my" or "myself" or "i" or "him" or "her" or "his");

    private static bool IsInsteadOf(Clause clause, int from)
    {
        for (var i = from; i < clause.End - 2; i++)
        {
            if (clause[i] is "instead" or "down" or "up" && clause[i + 1] is "of" or "from")
            {
                return HasFigure(clause, from, i) && HasFigure(clause, i + 2, clause.End);
            }
        }

        return false;
    }

    private static bool HasFigure(Clause clause, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (clause[i].Any(char.IsAsciiDigit))
            {
                return true;
            }
        }

        return false;
    }

    private static FoundFact Fact(Clause clause, int from, int end) => new(ClauseSubject.Client, FactTypes.Result, ThirdPerson.Capitalised(clause.Text(from, end)), End: end);
}
