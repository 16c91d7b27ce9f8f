namespace Actors.Extraction.Rules;

/// <summary>What people do, and what happens, on the same days again and again.</summary>
internal static class RoutineRules
{
    private const int MaxSubjectWords = 7;

    private static readonly WordSet Often = new("usually always never generally normally typically only mostly also");

    // Of liking and of mishaps others speak: "I hate Mondays", "I lose an hour every day".
    private static readonly WordSet Habits = new(
        """
        go swim run jog train play teach practise practice rehearse volunteer work commute cycle pick drop take attend visit sing dance row cook shop meet travel fly study learn coach
        have do come leave start finish stop close babysit fast pray call answer reply check
        """);

    private static readonly WordSet NoHabits = new("error errors problem problems headache headaches issue issues trouble crash crashes question questions doubt doubts time fun dream dreams idea ideas fight fights best worst bit lot");

    private static readonly WordSet PartsOfDay = new("morning evening afternoon mornings evenings afternoons");

    private static readonly PhraseSet Away = new(
        """
        off | out | away | closed | open | unavailable | in the office | at the office | at home | working from home | remote | on site | on-site | onsite | on call | on-call | busy | travelling
        traveling | out of office | out of the office | in class | in court | in surgery | in theatre | at the clinic | in the lab | at school | in the warehouse | with a client | at the client | offline
        """);

    private static readonly PhraseSet Happening = new(
        """
        is due | are due | goes out | go out | run | runs | meets | meet | takes place | take place | starts | start | begins | happens | is sent | are sent | comes out | comes | arrives | arrive
        is every | is on | are on | ends | closes | opens | collects | delivers | are paid | is paid | is held | are held | is collected | are collected | changes | rotates
        is closed | are closed | is open | are open | will be closed
        """);

    private static readonly WordSet Meeters = new("team committee board council club choir group class circle jury association band union squad guild crew parents");

    private static readonly WordSet Regular = new("weekly monthly daily quarterly annual yearly fortnightly biweekly bi-weekly");

    private static readonly WordSet Mishaps = new("error errors bug bugs job crash problem server api website app train trains bus buses tram trams it this that there he she they i we you movie film show game sun");

    private static readonly WordSet CutBefore = new("once when whenever while so if unless as until after");

    public static FoundFact? Find(Clause clause)
    {
        if (SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return clause.IsPerson ? clause.IsPossessive ? null : Own(clause)
            : clause.Subject switch
            {
                ClauseSubject.Group when !clause.IsPossessive => Ours(clause),
                ClauseSubject.Group or ClauseSubject.Other => MeetingAfterColon(clause) ?? Never(clause) ?? Happens(clause),
                _ => null,
            };
    }

    private static FoundFact? Own(Clause clause)
    {
        var (at, how) = (clause.Body, "");
        while (Often.Contains(clause[at]))
        {
            how += clause[at++] + " ";
        }

        var end = EndOf(clause, at);
        if (clause[at] == "am")
        {
            return IsAway(clause, at + 1, end) ? Fact(clause, $"Is {how}{clause.Text(at + 1, end)}", end) : null;
        }

        if (!Habits.Contains(clause[at]) || at + 1 >= end || how.StartsWith("never", StringComparison.Ordinal) || clause.PointsElsewhere(at) || clause[at + 1] is "not" or "it" or "to")
        {
            return null;
        }

        for (var i = at; i < end; i++)
        {
            if (NoHabits.Contains(clause[i]) || clause[i] is "you" or "your" or "too" or "would")
            {
                return null;
            }
        }

        var isOwn = clause[at] is "do" && clause[at + 1] is "my" or "his" or "her";
        var isRegular = (clause[at] is not ("do" or "call" or "stop" or "close") || isOwn) && Recurrence.IsIn(clause, at + 1, end);
        return isRegular || ((how.Contains("usually", StringComparison.Ordinal) || isOwn) && IsInPartOfDay(clause, at, end)) || LeavesAt(clause, at)
            ? Fact(clause, $"{how}{ThirdPerson.Verb(clause[at])} {clause.Text(at + 1, end)}", end)
            : null;
    }

    // "Mandy leaves at 3"; of themselves people say so of the day.
    private static bool LeavesAt(Clause clause, int at) =>
        clause.IsThird && clause[at] is "leave" or "start" or "finish" && clause[at + 1] == "at" && ClockTimes.MayBeTime(clause, at + 2) && at + 4 >= clause.End;

    private static bool IsInPartOfDay(Clause clause, int at, int end)
    {
        for (var i = at + 1; i < end - 2; i++)
        {
            if (clause[i] == "in" && clause[i + 1] == "the" && PartsOfDay.Contains(clause[i + 2]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAway(Clause clause, int at, int end)
    {
        clause.Take(ref at, Often);
        var length = Away.LengthAt(clause.Sentence.Words, at, end);
        if (length == 0)
        {
            return false;
        }

        var isOnly = clause[at - 1] is "only" or "usually" or "always" || Enumerable.Range(at, end - at).Any(i => clause[i] is "only" or "usually" or "always");
        for (var i = at + length; i < end; i++)
        {
            if (isOnly && Recurrence.IsSpanOfDays(clause, i))
            {
                return true;
            }
        }

        return Recurrence.IsIn(clause, at + length, end);
    }

    // "We are closed on Wednesday afternoons", "we close at noon on Fridays".
    private static FoundFact? Ours(Clause clause)
    {
        var at = clause.Body;
        var end = EndOf(clause, at);
        var isOurs = clause.Take(ref at, "are") ? (IsClosed(clause, at) || IsAway(clause, at, end)) && (clause[at] != "open" || Recurrence.IsIn(clause, at, end))
            : clause[at] is "close" or "open" or "meet" or "invoice" or "bill" or "deliver" or "ship" or "deploy" or "release" or "pay" or "have" or "do" or "work" or "hold" or "review" or "plan" or "rehearse" or "train" && clause[at + 1] is not ("to" or "it" or "a" or "not" or "no" or "been" or "got") && !Enumerable.Range(at, end - at).Any(i => NoHabits.Contains(clause[i])) && !clause.PointsElsewhere(at) && Recurrence.IsIn(clause, at + 1, end);
        return isOurs ? new FoundFact(ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(clause.Body, end)), End: end) : null;
    }

    // "Closed in August", "closed from December 24 to January 2".
    private static bool IsClosed(Clause clause, int at)
    {
        if (clause[at] != "closed")
        {
            return false;
        }

        for (var i = at + 1; i < clause.End - 1; i++)
        {
            if ((clause[i] is "in" or "during" or "throughout" && Recurrence.IsMonth(clause[i + 1])) || (clause[i] is "from" or "between" && (Recurrence.IsMonth(clause[i + 1]) || clause[i + 1].Any(char.IsAsciiDigit))))
            {
                return true;
            }
        }

        return false;
    }

    // "Retro: every second Friday 15:00."
    private static FoundFact? MeetingAfterColon(Clause clause)
    {
        for (var i = clause.Start; i < Math.Min(clause.End - 1, clause.Start + 4); i++)
        {
            if (clause.Word(i).Break == ':')
            {
                return ScheduleRules.IsMeeting(clause[i]) || (i > clause.Start && ScheduleRules.IsMeeting(clause[i - 1])) ? Listed(clause, i + 1) : null;
            }

            if (clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    private static FoundFact? Listed(Clause clause, int at)
    {
        var end = at;
        while (end < clause.End && (end == at || clause.Word(end - 1).Break == '\0' || ClockTimes.IsTime(clause, end)))
        {
            end++;
        }

        var hasDay = Recurrence.IsIn(clause, at, end);
        return hasDay && Enumerable.Range(at, end - at).Any(i => ClockTimes.IsTime(clause, i))
            ? new FoundFact(ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(clause.Start, end)), Keys.Of($"{clause.Text(clause.Start, at)} time"), end)
            : null;
    }

    // "The Greek team never joins before 10."
    private static FoundFact? Never(Clause clause)
    {
        for (var i = clause.Start + 1; clause[clause.Start] is "the" or "our" && i < Math.Min(clause.End - 3, clause.Start + 5); i++)
        {
            if (clause[i] is "never" or "only" && Meeters.Contains(clause[i - 1]))
            {
                var end = EndOf(clause, i + 3);
                return clause[i + 1].EndsWith('s') && clause[i + 2] is "before" or "after" or "until" or "from" or "at" && ClockTimes.MayBeTime(clause, i + 3) ? Work(clause, end) : null;
            }
        }

        return null;
    }

    // "The committee meets on the first Tuesday of each month", "timesheets are due every Friday", "the weekly report goes out on Thursday".
    private static FoundFact? Happens(Clause clause)
    {
        var start = clause.Start + (clause[clause.Start] is "the" or "our" or "their" ? 1 : 0);
        var isRegular = false;
        for (var i = start; i < Math.Min(clause.End - 1, start + MaxSubjectWords); i++)
        {
            var length = i > start ? Happening.LengthAt(clause.Sentence.Words, i, clause.End) : 0;
            if (length > 0)
            {
                var end = EndOf(clause, i);
                var again = Recurrence.IsIn(clause, i + (clause[i + 1] == "every" ? 1 : length), end) || (isRegular && Recurrence.IsDay(clause[i + length + (clause[i + length] == "on" ? 1 : 0)]))
                    || IsFixedDay(clause, start, i, i + length);
                return again ? Work(clause, end) : null;
            }

            if (Mishaps.Contains(clause[i]) || clause.Word(i).Break != '\0' || clause[i] is "is" or "are" or "was" or "will" or "not" or "never" or "who" or "which" or "my" or "your")
            {
                return null;
            }

            isRegular |= Regular.Contains(clause[i]);
        }

        return null;
    }

    // "The supplier will be closed from August 1 to August 20."
    private static bool IsFixedDay(Clause clause, int start, int verb, int behind) =>
        clause[verb] == "will" && behind - verb == 3 && verb - start < 4 && clause[behind] == "from" && clause.Word(behind + 1).IsCapital && Enumerable.Range(behind, clause.End - behind).Any(i => clause[i] is "to" or "until" or "till");

    private static int EndOf(Clause clause, int from)
    {
        for (var i = from + 1; i < clause.End; i++)
        {
            if (CutBefore.Contains(clause[i]) || (clause.Word(i - 1).Break is ',' or ':' && !Recurrence.IsDay(clause[i]) && !Recurrence.IsManyDays(clause[i]) && clause[i] is not ("every" or "on" or "and" or "at")))
            {
                return i;
            }
        }

        return clause.End;
    }

    private static FoundFact Work(Clause clause, int end) =>
        new(ClauseSubject.Client, FactTypes.Schedule, ThirdPerson.Capitalised(clause.Text(clause.Start + (clause.Subject == ClauseSubject.Group ? 1 : 0), end)), End: end);

    private static FoundFact Fact(Clause clause, string content, int end) => new(clause.Subject, FactTypes.Schedule, ThirdPerson.Capitalised(content), End: end);
}
