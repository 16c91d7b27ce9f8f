namespace Actors.Extraction.Rules;

/// <summary>When people work, can be reached and meet.</summary>
internal static class ScheduleRules
{
    private const int MaxMeetingWords = 6;

    private static readonly WordSet Often = new("usually always generally normally typically only mostly");

    private static readonly WordSet DayWords = new(
        """
        monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekday weekends day days week weekend daily every each
        on to through and from until in the during mornings afternoons evenings morning afternoon evening except
        """);

    private static readonly WordSet Repeating = new(
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekends daily every each mornings afternoons evenings nights weekly monthly");

    private static readonly WordSet WholeWeek = new("weekdays daily");

    private static readonly WordSet Free = new("free available reachable online offline");

    private static readonly WordSet Bounds = new("from between after before until at till");

    private static readonly WordSet Meetings = new(
        "standup stand-up sync retro retrospective planning review meeting meetings call demo scrum daily checkin check-in all-hands huddle one-on-one 1:1 jour workshop rehearsal training class");

    private static readonly PhraseSet Happens = new("is | are | happens | takes place | starts | begins");

    private static readonly PhraseSet Routines = new(
        "get up | wake up | leave the office | leave work | have lunch | take lunch | have breakfast | have dinner | start work | start working | stop working | finish work | log off | log on | go to bed | go home | start | finish");

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        if (clause.IsPerson)
        {
            return clause.IsPossessive ? MyHours(clause) : Own(clause);
        }

        return clause.Subject switch
        {
            ClauseSubject.Group or ClauseSubject.Other => Opening(clause) ?? Meeting(clause),
            _ => null,
        };
    }

    /// <summary>Whether a word names a meeting.</summary>
    public static bool IsMeeting(string word) => Meetings.Contains(word);

    private static FoundFact? MyHours(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, "working hours are") || clause.Take(ref at, "work hours are") || clause.Take(ref at, "office hours are") || clause.Take(ref at, "hours are")
            ? Hours(clause, at, clause.Subject, "Works", "work_hours")
            : null;
    }

    private static FoundFact? Own(Clause clause)
    {
        var (at, how) = (clause.Body, "");
        while (Often.Contains(clause[at]))
        {
            how += clause[at++] + " ";
        }

        if (clause.Take(ref at, "work"))
        {
            return Hours(clause, at, clause.Subject, "Works", "work_hours");
        }

        if (clause.Take(ref at, "am"))
        {
            return Reachable(clause, at, how);
        }

        var length = Routines.LengthAt(clause.Sentence.Words, at, clause.End);
        var bound = at + length;
        return length > 0 && clause[bound] is "at" or "around" or "by" && ClockTimes.MayBeTime(clause, bound + 1)
            ? new FoundFact(clause.Subject, FactTypes.Schedule, ThirdPerson.Capitalised($"{how}{ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}"))
            : null;
    }

    private static FoundFact? Reachable(Clause clause, int at, string how)
    {
        var start = at;
        while (Often.Contains(clause[at]))
        {
            at++;
        }

        var isRepeated = how.Length > 0 || at > start;
        if (!Free.Contains(clause[at]))
        {
            return null;
        }

        var hasBound = false;
        for (var i = at + 1; i < clause.End; i++)
        {
            isRepeated |= Repeating.Contains(clause[i]);
            hasBound |= (Bounds.Contains(clause[i]) && ClockTimes.MayBeTime(clause, i + 1)) || Repeating.Contains(clause[i]);
        }

        return isRepeated && hasBound ? new FoundFact(clause.Subject, FactTypes.Schedule, $"Is {how}{clause.Rest(start)}") : null;
    }

    private static FoundFact? Opening(Clause clause)
    {
        var at = clause.Start;
        if (clause.Take(ref at, "we are open") || clause.Take(ref at, "our opening hours are") || clause.Take(ref at, "opening hours are") || clause.Take(ref at, "our office hours are"))
        {
            return Hours(clause, at, ClauseSubject.Client, "Open", "opening_hours");
        }

        at = clause.Start + 2;
        return clause[clause.Start] is "the" or "our" && clause.Take(ref at, "is open") ? Hours(clause, at, ClauseSubject.Client, "Open", "opening_hours") : null;
    }

    // "9 to 5", with days before or behind, and nothing else.
    private static FoundFact? Hours(Clause clause, int at, ClauseSubject about, string verb, string key)
    {
        var start = at;
        while (at < clause.End && DayWords.Contains(clause[at]) && !ClockTimes.TrySpan(clause, ref at, out _))
        {
            at++;
        }

        at = start;
        var (i, span) = (start, "");
        while (i < Math.Min(clause.End, start + 8) && !ClockTimes.TrySpan(clause, ref at, out span))
        {
            if (!DayWords.Contains(clause[i]))
            {
                return null;
            }

            at = ++i;
        }

        if (span.Length == 0)
        {
            return null;
        }

        // Behind a comma something else may be said: "8 to 16:30, lunch from 12 to 13".
        var end = at;
        while (end < clause.End && (clause.Word(end - 1).Break != ',' || DayWords.Contains(clause[end])))
        {
            if (!DayWords.Contains(clause[end]))
            {
                return null;
            }

            end++;
        }

        var days = $"{clause.Text(start, i)} {clause.Text(at, end)}".Trim();
        return new FoundFact(about, FactTypes.Schedule, $"{verb} {span} {days}".TrimEnd(), CoversWeek(clause, start, end) ? key : null, end);
    }

    // Hours of single days are no hours of the week, which those would take the place of.
    private static bool CoversWeek(Clause clause, int from, int end)
    {
        var namesDays = false;
        for (var i = from; i < end; i++)
        {
            if (WholeWeek.Contains(clause[i]) || (clause[i] is "monday" or "mondays" && clause[i + 1] is "to" or "through" or "until") || (clause[i] == "every" && clause[i + 1] is "day" or "weekday"))
            {
                return true;
            }

            namesDays |= DayWords.Contains(clause[i]) && clause[i] is not ("from" or "to" or "and" or "until" or "through" or "on" or "the" or "in");
        }

        return !namesDays;
    }

    private static FoundFact? Meeting(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);
        for (var i = start; i < Math.Min(clause.End, start + MaxMeetingWords); i++)
        {
            var length = Happens.LengthAt(clause.Sentence.Words, i, clause.End);
            if (length > 0)
            {
                return i > start && (Meetings.Contains(clause[i - 1]) || IsOfDay(clause, start)) && (IsRepeated(clause, start) || IsOfDay(clause, start)) && HasTime(clause, i + length)
                    ? new FoundFact(
                        ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(clause[clause.Start] == "our" ? start : clause.Start, IsOfDay(clause, start) ? clause.EndOfStatement(i) : clause.End)),
                        Keys.Of($"{clause.Text(start, i)} time"))
                    : null;
            }

            if (clause.Word(i).Break != '\0' || (i == start && start == clause.Start && !clause.Word(i).IsCapital))
            {
                return null;
            }
        }

        return null;
    }

    // "The Monday call with Priya's team."
    private static bool IsOfDay(Clause clause, int start) =>
        start > clause.Start && Recurrence.IsDay(clause[start]) && (Meetings.Contains(clause[start + 1]) || clause[start + 1] is "thing" or "slot" or "lunch" or "session" or "round") && clause[start + 2] is not "on";

    private static bool IsRepeated(Clause clause, int from)
    {
        for (var i = from; i < clause.End; i++)
        {
            if (Repeating.Contains(clause[i]) || clause[i] is "standup" or "stand-up")
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasTime(Clause clause, int from)
    {
        for (var i = from; i < clause.End; i++)
        {
            if (ClockTimes.IsTime(clause, i) || (Bounds.Contains(clause[i]) && ClockTimes.MayBeTime(clause, i + 1)))
            {
                return true;
            }
        }

        return false;
    }
}
