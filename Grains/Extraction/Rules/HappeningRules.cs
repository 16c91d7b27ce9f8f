namespace Actors.Extraction.Rules;

/// <summary>What happens on the same days again and again: meetings, deliveries, what is due.</summary>
internal static class HappeningRules
{
    private const int MaxSubjectWords = 7;

    private const int MaxTitleWords = 4;

    private static readonly PhraseSet Happening = new(
        """
        is due | are due | goes out | go out | run | runs | meets | meet | takes place | take place | starts | start | begins | happens
        is sent | are sent | comes out | comes | arrives | arrive | is every | is on | are on | ends | closes | opens | collects | delivers
        are paid | is paid | is held | are held | is collected | are collected | changes | rotates
        is closed | are closed | is open | are open | will be closed
        """);

    private static readonly WordSet Meeters = new(
        "team committee board council club choir group class circle jury association band union squad guild crew parents");

    private static readonly WordSet Regular = new("weekly monthly daily quarterly annual yearly fortnightly biweekly bi-weekly");

    private static readonly WordSet Mishaps = new(
        """
        error errors bug bugs job crash problem server api website app train trains bus buses tram trams
        it this that there he she they i we you movie film show game sun
        """);

    // What merely names a thing that happens has none of these.
    private static readonly WordSet BeyondNames = new("is are was will not never who which my your");

    private static readonly WordSet BeforeTimes = new("before after until from at");

    public static FoundFact? Find(Clause clause) =>
        clause.Subject is ClauseSubject.Group or ClauseSubject.Other ? MeetingAfterColon(clause) ?? Never(clause) ?? Happens(clause) : null;

    // "Retro: every second Friday 15:00."
    private static FoundFact? MeetingAfterColon(Clause clause)
    {
        for (var i = clause.Start; i < Math.Min(clause.End - 1, clause.Start + MaxTitleWords); i++)
        {
            if (clause.Word(i).Break == ':')
            {
                var isMeeting = ScheduleRules.IsMeeting(clause[i]) || (i > clause.Start && ScheduleRules.IsMeeting(clause[i - 1]));
                return isMeeting ? DayAndTime(clause, i + 1) : null;
            }

            if (clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    private static FoundFact? DayAndTime(Clause clause, int at)
    {
        var end = at;
        while (end < clause.End && (end == at || clause.Word(end - 1).Break == '\0' || ClockTimes.IsTime(clause, end)))
        {
            end++;
        }

        return Recurrence.IsIn(clause, at, end) && clause.Has(at, end, i => ClockTimes.IsTime(clause, i))
            ? new FoundFact(
                ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(clause.Start, end)),
                Keys.Of($"{clause.Text(clause.Start, at)} time"), end)
            : null;
    }

    // "The Greek team never joins before 10."
    private static FoundFact? Never(Clause clause)
    {
        if (clause[clause.Start] is not ("the" or "our"))
        {
            return null;
        }

        for (var i = clause.Start + 1; i < Math.Min(clause.End - 3, clause.Start + 5); i++)
        {
            if (clause[i] is "never" or "only" && Meeters.Contains(clause[i - 1]))
            {
                var (verb, bound) = (i + 1, i + 2);
                return clause[verb].EndsWith('s') && BeforeTimes.Contains(clause[bound]) && ClockTimes.MayBeTime(clause, bound + 1)
                    ? Fact(clause, RoutineRules.EndOf(clause, bound + 1))
                    : null;
            }
        }

        return null;
    }

    // "The committee meets on the first Tuesday of each month", "timesheets are due every Friday".
    private static FoundFact? Happens(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" or "their" ? 1 : 0);
        for (var i = start; i < Math.Min(clause.End - 1, start + MaxSubjectWords); i++)
        {
            var behind = i;
            if (i > start && clause.Take(ref behind, Happening))
            {
                var end = RoutineRules.EndOf(clause, i);
                return IsAgain(clause, i, behind, end) || IsOnDay(clause, start, i, behind) || IsFixed(clause, start, i, behind)
                    ? Fact(clause, end)
                    : null;
            }

            if (Mishaps.Contains(clause[i]) || BeyondNames.Contains(clause[i]) || clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    // The verb "is every" says so itself.
    private static bool IsAgain(Clause clause, int verb, int behind, int end) =>
        Recurrence.IsIn(clause, clause[verb + 1] == "every" ? verb + 1 : behind, end);

    // "The weekly report goes out on Thursday."
    private static bool IsOnDay(Clause clause, int start, int verb, int behind)
    {
        var day = clause[behind] == "on" ? behind + 1 : behind;
        return Recurrence.IsDay(clause[day]) && clause.Has(start, verb, i => Regular.Contains(clause[i]));
    }

    // "The supplier will be closed from August 1 to August 20."
    private static bool IsFixed(Clause clause, int start, int verb, int behind) =>
        clause[verb] == "will" && verb - start < 4 && clause[behind] == "from" && clause.Word(behind + 1).IsCapital
        && clause.Has(behind, clause.End, i => clause[i] is "to" or "until" or "till");

    private static FoundFact Fact(Clause clause, int end)
    {
        var from = clause.Start + (clause.Subject == ClauseSubject.Group ? 1 : 0);
        return new FoundFact(ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(from, end)), End: end);
    }
}
