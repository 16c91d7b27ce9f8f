namespace Actors.Extraction.Rules;

/// <summary>What came of something: changes with figures, things completed, won or lost.</summary>
internal static class ResultRules
{
    private const int MaxSubjectWords = 8;

    private static readonly WordSet LabelWords = new("result results outcome finding findings conclusion");

    private static readonly WordSet Changed = new("rose grew fell dropped increased decreased improved declined jumped shrank climbed sank doubled tripled halved");

    private static readonly WordSet NeedNoFigure = new("doubled tripled halved");

    private static readonly WordSet Done = new(
        "completed finished approved rejected signed delivered released launched passed deployed cancelled canceled merged resolved migrated renewed accepted");

    private static readonly WordSet Ended = new("succeeded failed passed finished");

    private static readonly WordSet Achieved = new(
        "signed closed won lost launched shipped finished completed delivered released hired raised reached sold renewed migrated increased reduced cut hit saved passed failed missed gained earned made");

    // What fails today and passes tomorrow, or is called off and held another day.
    private static readonly WordSet Fleeting = new("build builds test tests pipeline job request login run command script meeting call lunch dinner appointment flight train lesson party");

    private static readonly WordSet Prizes = new("tender contract deal client customer account bid pitch case project order award grant lawsuit appeal auction customers clients");

    // Without a figure or one of these, who finishes, closes, reaches, raises, sells or cuts something has done a chore.
    private static readonly WordSet Picky = new("won lost closed finished completed delivered reached raised sold cut increased reduced hit saved passed failed missed gained earned made");

    private static readonly WordSet Works = new(
        """
        migration migrations project projects pilot rollout roll-out release version audit round phase milestone milestones refactoring rewrite redesign rebrand report study survey
        integration implementation prototype onboarding recruitment acquisition merger sale sprint quarter target targets goal goals break-even profitability agreement settlement
        costs cost revenue churn downtime latency price prices budget headcount emissions debt spending share shares stake house-building construction renovation training certification
        inspection deadline subsidiary fund funding investment incident ticket backlog vulnerability module feature features export import api app website portal database documentation manual translation
        """);

    private static readonly WordSet Counted = new(
        """
        percent million billion thousand users customers clients subscribers members orders deals contracts stores licences licenses partners employees engineers developers sites countries
        backers sponsors investors hires participants leads accounts cities markets branches
        """);

    private static readonly WordSet Meals = new("lunch dinner breakfast coffee eating school work");

    private static readonly WordSet Uncertain = new(
        "could may will would should shall can to not never if expect expected expects hope might must about nearly almost had why when i you he she it they this that there what who");

    private static readonly WordSet Pointing = new("it this that these those them him her you so");

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Other => Labels.Rest(clause, LabelWords) is { } rest ? IsToCome(clause, rest) ? null : Fact(clause, rest) : Change(clause, clause.Start) ?? Event(clause),
        ClauseSubject.Group when clause[clause.Start] == "we" => Change(clause, clause.Body) ?? Achievement(clause),
        ClauseSubject.Group => Change(clause, clause.Body) ?? Event(clause),
        _ => null,
    };

    // "Result: a technician comes tomorrow".
    private static bool IsToCome(Clause clause, int from)
    {
        for (var i = from; i < clause.End; i++)
        {
            if (clause[i] is "tomorrow" or "tonight" or "will" or "next" or "should")
            {
                return true;
            }
        }

        return false;
    }

    // "Churn dropped from 5% to 3%".
    private static FoundFact? Change(Clause clause, int from)
    {
        for (var i = from; i < Math.Min(clause.End, from + MaxSubjectWords); i++)
        {
            var isWent = clause[i] == "went" && clause[i + 1] is "up" or "down";
            if (Changed.Contains(clause[i]) || isWent)
            {
                return (i > from || clause.Subject == ClauseSubject.Group) && (HasFigure(clause, i) || (clause[i + 1] == "by" && clause[i + 2] == "half") || NeedNoFigure.Contains(clause[i])) ? Fact(clause, from) : null;
            }

            if (Uncertain.Contains(clause[i]) || clause[i] is "is" or "are" or "was" or "were" or "be")
            {
                return null;
            }
        }

        return null;
    }

    // "The migration was completed", "the pilot failed", "the site went live".
    private static FoundFact? Event(Clause clause)
    {
        if (!clause.Word(clause.Start).IsCapital && clause[clause.Start] is not ("the" or "our" or "all"))
        {
            return null;
        }

        for (var i = clause.Start + 1; i < Math.Min(clause.End, clause.Start + MaxSubjectWords); i++)
        {
            if (clause[i] is "was" or "were" or "been")
            {
                return !Fleeting.Contains(clause[i - 1]) && Done.Contains(clause[i + 1]) || (clause[i + 1] is "successfully" or "finally" && Done.Contains(clause[i + 2])) ? Fact(clause, Subject(clause)) : null;
            }

            if (clause[i] == "failed" && Fleeting.Contains(clause[i - 1]))
            {
                return null;
            }

            if (Ended.Contains(clause[i]) || (clause[i] == "went" && clause[i + 1] == "live"))
            {
                return Fact(clause, Subject(clause));
            }

            if (Uncertain.Contains(clause[i]) || clause[i] is "is" or "are" or "be" || clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    private static FoundFact? Achievement(Clause clause)
    {
        var at = clause.Body;
        while (clause[at] is "have" or "just" or "finally" or "successfully" or "already" or "also")
        {
            at++;
        }

        if (Meals.Contains(clause[at + 1]) || (Picky.Contains(clause[at]) && !IsWork(clause, at)) || SentenceGuards.IsPassing(clause))
        {
            return null;
        }

        return Achieved.Contains(clause[at]) && at + 1 < clause.End && !Pointing.Contains(clause[at + 1]) && !(clause[at + 1] == "a" && clause[at + 2] is "ton" or "lot") && !clause.PointsElsewhere(at + 1) ? Fact(clause, at) : null;
    }

    private static bool IsWork(Clause clause, int at)
    {
        var isGame = clause[at] is "won" or "lost";
        for (var i = at + 1; i < clause.End; i++)
        {
            // A time is no figure: "we reached Rome at 9".
            if (Prizes.Contains(clause[i]) || (!isGame && (Works.Contains(clause[i]) || (IsLarge(clause, i) && clause[i - 1] is not ("at" or "by" or "around" or "before" or "after" or "in" or "since" or "until")))))
            {
                return true;
            }
        }

        return false;
    }

    // "We sold 40 tickets" and "we finished 3 chapters" are a day's work.
    private static bool IsLarge(Clause clause, int at)
    {
        var word = clause[at];
        return word.Any(char.IsAsciiDigit)
            && (word.Count(char.IsAsciiDigit) > 2 || word.AsSpan().ContainsAny("%€$£") || word[^1] is 'k' or 'm' || Counted.Contains(clause[at + 1]) || Counted.Contains(clause[at + 2]));
    }

    private static bool HasFigure(Clause clause, int from)
    {
        for (var i = from; i < clause.End; i++)
        {
            if (clause[i].Any(char.IsAsciiDigit))
            {
                return true;
            }
        }

        return false;
    }

    private static int Subject(Clause clause) => clause[clause.Start] == "our" ? clause.Start + 1 : clause.Start;

    private static FoundFact Fact(Clause clause, int from) => new(ClauseSubject.Client, FactTypes.Result, ThirdPerson.Capitalised(clause.Rest(from)));
}
