namespace Actors.Extraction.Rules;

/// <summary>What came of something: changes with figures, things completed, won or lost.</summary>
internal static class ResultRules
{
    private const int MaxSubjectWords = 8;

    private static readonly WordSet LabelWords = new("result results outcome finding findings conclusion");

    private static readonly WordSet Future = new("tomorrow tonight will next should");

    private static readonly WordSet Changed = new(
        "rose grew fell dropped increased decreased improved declined jumped shrank climbed sank doubled tripled halved");

    private static readonly WordSet NeedNoFigure = new("doubled tripled halved");

    private static readonly WordSet Done = new(
        """
        completed finished approved rejected signed delivered released launched passed deployed cancelled canceled merged resolved
        migrated renewed accepted
        """);

    private static readonly WordSet Ended = new("succeeded failed passed finished");

    // What fails today and passes tomorrow, or is called off and held another day.
    private static readonly WordSet Fleeting = new(
        """
        build builds test tests pipeline job request login run command script meeting call lunch dinner appointment flight train lesson
        party
        """);

    private static readonly WordSet Uncertain = new(
        """
        could may will would should shall can to not never if expect expected expects hope might must about nearly almost had why when i
        you he she it they this that there what who
        """);

    public static FoundFact? Find(Clause clause) => clause.Subject switch
    {
        ClauseSubject.Other when Labels.Rest(clause, LabelWords) is { } rest => Labelled(clause, rest),
        ClauseSubject.Other => Change(clause, clause.Start) ?? Event(clause),
        ClauseSubject.Group when clause[clause.Start] == "we" => Change(clause, clause.Body) ?? AchievementRules.Find(clause),
        ClauseSubject.Group => Change(clause, clause.Body) ?? Event(clause),
        _ => null,
    };

    /// <summary>The result that is told from a word to the end.</summary>
    public static FoundFact Fact(Clause clause, int from) =>
        new(ClauseSubject.Client, FactTypes.Result, ThirdPerson.Capitalised(clause.Rest(from)));

    // "Result: a technician comes tomorrow" is none yet.
    private static FoundFact? Labelled(Clause clause, int from) => clause.Has(from, Future) ? null : Fact(clause, from);

    // "Churn dropped from 5% to 3%".
    private static FoundFact? Change(Clause clause, int from)
    {
        for (var i = from; i < Math.Min(clause.End, from + MaxSubjectWords); i++)
        {
            if (Changed.Contains(clause[i]) || (clause[i] == "went" && clause[i + 1] is "up" or "down"))
            {
                var hasSubject = i > from || clause.Subject == ClauseSubject.Group;
                return hasSubject && TellsHowFar(clause, i) ? Fact(clause, from) : null;
            }

            if (Uncertain.Contains(clause[i]) || clause[i] is "is" or "are" or "was" or "were" or "be")
            {
                return null;
            }
        }

        return null;
    }

    private static bool TellsHowFar(Clause clause, int verb) =>
        NeedNoFigure.Contains(clause[verb])
            || clause.HasFigure(verb, clause.End)
            || (clause[verb + 1] == "by" && clause[verb + 2] == "half");

    // "The migration was completed", "the pilot failed", "the site went live".
    private static FoundFact? Event(Clause clause)
    {
        if (!clause.Word(clause.Start).IsCapital && clause[clause.Start] is not ("the" or "our" or "all"))
        {
            return null;
        }

        for (var i = clause.Start + 1; i < Math.Min(clause.End, clause.Start + MaxSubjectWords); i++)
        {
            if (TellsEvent(clause, i) is { } isEvent)
            {
                return isEvent ? Fact(clause, clause[clause.Start] == "our" ? clause.Start + 1 : clause.Start) : null;
            }

            if (Uncertain.Contains(clause[i]) || clause[i] is "is" or "are" or "be" || clause.Word(i).Break != '\0')
            {
                return null;
            }
        }

        return null;
    }

    // Whether a verb tells what came of its subject; null: the word is no such verb.
    private static bool? TellsEvent(Clause clause, int verb)
    {
        var isFleeting = Fleeting.Contains(clause[verb - 1]);
        if (clause[verb] is "was" or "were" or "been")
        {
            var done = verb + (clause[verb + 1] is "successfully" or "finally" ? 2 : 1);
            return !isFleeting && Done.Contains(clause[done]);
        }

        if (clause[verb] == "failed" && isFleeting)
        {
            return false;
        }

        var hasEnded = Ended.Contains(clause[verb]) || (clause[verb] == "went" && clause[verb + 1] == "live");
        return hasEnded ? true : null;
    }
}
