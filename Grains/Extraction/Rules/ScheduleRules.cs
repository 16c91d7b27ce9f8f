namespace Actors.Extraction.Rules;

/// <summary>When people work, can be reached and meet.</summary>
internal static class ScheduleRules
{
    private const int MaxMeetingWords = 6;

    // Days that stand before the hours: "Monday to Friday from 9 to 5".
    private const int MaxDayWords = 8;

    private static readonly WordSet Often = new("usually always generally normally typically only mostly");

    private static readonly WordSet DayWords = new(
        """
        monday tuesday wednesday thursday friday saturday sunday
        mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekday weekends
        day days week weekend daily every each
        on to through and from until in the during mornings afternoons evenings morning afternoon evening except
        """);

    private static readonly WordSet JoiningDays = new("from to and until through on the in");

    private static readonly WordSet Repeating = new(
        """
        mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekends
        daily every each mornings afternoons evenings nights weekly monthly
        """);

    private static readonly WordSet WholeWeek = new("weekdays daily");

    private static readonly WordSet Free = new("free available reachable online offline");

    private static readonly WordSet Bounds = new("from between after before until at till");

    private static readonly WordSet Meetings = new(
        """
        standup stand-up sync retro retrospective planning review meeting meetings call demo scrum daily checkin check-in
        all-hands huddle one-on-one 1:1 jour workshop rehearsal training class
        """);

    private static readonly WordSet MeetingsOfDays = new("thing slot lunch session round");

    private static readonly WordSet DailyMeetings = new("standup stand-up");

    private static readonly PhraseSet Happens = new("is | are | happens | takes place | starts | begins");

    private static readonly PhraseSet Routines = new(
        """
        get up | wake up | leave the office | leave work | have lunch | take lunch | have breakfast | have dinner
        start work | start working | stop working | finish work | log off | log on | go to bed | go home | start | finish
        """);

    private static readonly PhraseSet WorkingHours = new("working hours are | work hours are | office hours are | hours are");

    private static readonly PhraseSet OpeningHours = new(
        "we are open | our opening hours are | opening hours are | our office hours are");

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

        return clause.Subject is ClauseSubject.Group or ClauseSubject.Other ? Opening(clause) ?? Meeting(clause) : null;
    }

    /// <summary>Whether a word names a meeting.</summary>
    public static bool IsMeeting(string word) => Meetings.Contains(word);

    // "My working hours are 9 to 5."
    private static FoundFact? MyHours(Clause clause)
    {
        var at = clause.Body;
        return clause.Take(ref at, WorkingHours) ? Working(clause, at) : null;
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
            return Working(clause, at);
        }

        return clause.Take(ref at, "am") ? Reachable(clause, at, how) : Routine(clause, at, how);
    }

    // "I am only reachable after 10", "I'm online on weekdays": without such a word it may be today's.
    private static FoundFact? Reachable(Clause clause, int at, string how)
    {
        var start = at;
        while (Often.Contains(clause[at]))
        {
            at++;
        }

        if (!Free.Contains(clause[at]))
        {
            return null;
        }

        var isRepeated = how.Length > 0 || at > start || clause.Has(at + 1, Repeating);
        return isRepeated && clause.Has(at + 1, clause.End, i => Repeating.Contains(clause[i]) || IsBound(clause, i))
            ? new FoundFact(clause.Subject, FactTypes.Schedule, $"Is {how}{clause.Rest(start)}")
            : null;
    }

    // "I usually leave the office at 5", "I get up at 6:30".
    private static FoundFact? Routine(Clause clause, int at, string how)
    {
        var behind = at;
        return clause.Take(ref behind, Routines) && clause[behind] is "at" or "around" or "by" && ClockTimes.MayBeTime(clause, behind + 1)
            ? new FoundFact(
                clause.Subject, FactTypes.Schedule, ThirdPerson.Capitalised($"{how}{ThirdPerson.Verb(clause[at])} {clause.Rest(at + 1)}"))
            : null;
    }

    // "We are open from 8 to 6", "the shop is open 9 to 5 on weekdays".
    private static FoundFact? Opening(Clause clause)
    {
        var at = clause.Start;
        if (clause.Take(ref at, OpeningHours))
        {
            return Hours(clause, at, ClauseSubject.Client, "Open", "opening_hours");
        }

        at = clause.Start + 2;
        return clause[clause.Start] is "the" or "our" && clause.Take(ref at, "is open")
            ? Hours(clause, at, ClauseSubject.Client, "Open", "opening_hours")
            : null;
    }

    private static FoundFact? Working(Clause clause, int at) => Hours(clause, at, clause.Subject, "Works", "work_hours");

    // "9 to 5", with days before or behind, and nothing else.
    private static FoundFact? Hours(Clause clause, int start, ClauseSubject about, string verb, string key)
    {
        if (SpanBehindDays(clause, start) is not var (from, to, span))
        {
            return null;
        }

        var end = to;
        while (DayWords.Contains(clause[end]))
        {
            end++;
        }

        // Behind a comma something else may be said: "8 to 16:30, lunch from 12 to 13".
        if (end < clause.End && clause.Word(end - 1).Break != ',')
        {
            return null;
        }

        var days = $"{clause.Text(start, from)} {clause.Text(to, end)}".Trim();
        var weekKey = CoversWeek(clause, start, end) ? key : null;
        return new FoundFact(about, FactTypes.Schedule, $"{verb} {span} {days}".TrimEnd(), weekKey, end);
    }

    private static (int From, int To, string Span)? SpanBehindDays(Clause clause, int start)
    {
        for (var from = start; from < Math.Min(clause.End, start + MaxDayWords); from++)
        {
            var to = from;
            if (ClockTimes.TrySpan(clause, ref to, out var span))
            {
                return (from, to, span);
            }

            if (!DayWords.Contains(clause[from]))
            {
                return null;
            }
        }

        return null;
    }

    // Hours of single days are no hours of the week, which those would take the place of.
    private static bool CoversWeek(Clause clause, int from, int end) =>
        clause.Has(from, end, i => IsWholeWeek(clause, i))
        || !clause.Has(from, end, i => DayWords.Contains(clause[i]) && !JoiningDays.Contains(clause[i]));

    private static bool IsWholeWeek(Clause clause, int at) =>
        WholeWeek.Contains(clause[at])
        || (clause[at] is "monday" or "mondays" && clause[at + 1] is "to" or "through" or "until")
        || (clause[at] == "every" && clause[at + 1] is "day" or "weekday");

    // "Our standup is at 9:30", "the design review takes place every Tuesday at 14:00".
    private static FoundFact? Meeting(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" ? 1 : 0);
        for (var i = start; i < Math.Min(clause.End, start + MaxMeetingWords); i++)
        {
            var behind = i;
            if (clause.Take(ref behind, Happens))
            {
                return i > start && HasTime(clause, behind) ? MeetingNamed(clause, start, i) : null;
            }

            if (clause.Word(i).Break != '\0' || (i == start && start == clause.Start && !clause.Word(i).IsCapital))
            {
                return null;
            }
        }

        return null;
    }

    private static FoundFact? MeetingNamed(Clause clause, int start, int verb)
    {
        var isOfDay = IsOfDay(clause, start);
        if (!isOfDay && !(Meetings.Contains(clause[verb - 1]) && IsRepeated(clause, start)))
        {
            return null;
        }

        var from = clause[clause.Start] == "our" ? start : clause.Start;
        var end = isOfDay ? clause.EndOfStatement(verb) : clause.End;
        var key = Keys.Of($"{clause.Text(start, verb)} time");
        return new FoundFact(ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(from, end)), key);
    }

    // "The Monday call with Priya's team."
    private static bool IsOfDay(Clause clause, int start) =>
        start > clause.Start && Recurrence.IsDay(clause[start])
        && (Meetings.Contains(clause[start + 1]) || MeetingsOfDays.Contains(clause[start + 1])) && clause[start + 2] != "on";

    private static bool IsRepeated(Clause clause, int from) => clause.Has(from, Repeating) || clause.Has(from, DailyMeetings);

    private static bool HasTime(Clause clause, int from) =>
        clause.Has(from, clause.End, i => ClockTimes.IsTime(clause, i) || IsBound(clause, i));

    private static bool IsBound(Clause clause, int at) => Bounds.Contains(clause[at]) && ClockTimes.MayBeTime(clause, at + 1);
}
