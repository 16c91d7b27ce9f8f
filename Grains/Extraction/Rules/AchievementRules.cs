namespace Actors.Extraction.Rules;

/// <summary>What "we" achieved, or failed to: "We won the tender", "we closed the quarter with 4 million".</summary>
internal static class AchievementRules
{
    private static readonly WordSet Fillers = new("have just finally successfully already also");

    private static readonly WordSet Achieved = new(
        """
        signed closed won lost launched shipped finished completed delivered released hired raised reached sold renewed migrated
        increased reduced cut hit saved passed failed missed gained earned made
        """);

    // Without a figure or one of what follows, who finishes, closes, reaches, raises, sells or cuts something has done a chore.
    private static readonly WordSet Picky = new(
        """
        won lost closed finished completed delivered reached raised sold cut increased reduced hit saved passed failed missed gained
        earned made
        """);

    private static readonly WordSet Prizes = new(
        "tender contract deal client customer account bid pitch case project order award grant lawsuit appeal auction customers clients");

    private static readonly WordSet Works = new(
        """
        migration migrations project projects pilot rollout roll-out release version audit round phase milestone milestones refactoring
        rewrite redesign rebrand report study survey integration implementation prototype onboarding recruitment acquisition merger sale
        sprint quarter target targets goal goals break-even profitability agreement settlement costs cost revenue churn downtime latency
        price prices budget headcount emissions debt spending share shares stake house-building construction renovation training
        certification inspection deadline subsidiary fund funding investment incident ticket backlog vulnerability module feature
        features export import api app website portal database documentation manual translation
        """);

    private static readonly WordSet Counted = new(
        """
        percent million billion thousand users customers clients subscribers members orders deals contracts stores licences licenses
        partners employees engineers developers sites countries backers sponsors investors hires participants leads accounts cities
        markets branches
        """);

    // A time is no figure: "we reached Rome at 9".
    private static readonly WordSet BeforeTimes = new("at by around before after in since until");

    private static readonly WordSet Meals = new("lunch dinner breakfast coffee eating school work");

    private static readonly WordSet Pointing = new("it this that these those them him her you so");

    public static FoundFact? Find(Clause clause)
    {
        var at = clause.Body;
        while (clause.Take(ref at, Fillers))
        {
        }

        var isAchieved = Achieved.Contains(clause[at])
            && (!Picky.Contains(clause[at]) || IsOfWork(clause, at))
            && NamesWhat(clause, at + 1)
            && !SentenceGuards.IsPassing(clause);
        return isAchieved ? ResultRules.Fact(clause, at) : null;
    }

    private static bool NamesWhat(Clause clause, int at)
    {
        var isMuch = clause[at] == "a" && clause[at + 1] is "ton" or "lot";
        return at < clause.End && !isMuch && !Meals.Contains(clause[at]) && !Pointing.Contains(clause[at]) && !clause.PointsElsewhere(at);
    }

    private static bool IsOfWork(Clause clause, int verb)
    {
        // Games are won and lost with figures too.
        var isGame = clause[verb] is "won" or "lost";
        return clause.Has(verb + 1, Prizes) || (!isGame && clause.Has(verb + 1, clause.End, i => IsWork(clause, i)));
    }

    private static bool IsWork(Clause clause, int at) =>
        Works.Contains(clause[at]) || (IsLarge(clause, at) && !BeforeTimes.Contains(clause[at - 1]));

    // "We sold 40 tickets" and "we finished 3 chapters" are a day's work.
    private static bool IsLarge(Clause clause, int at)
    {
        var word = clause[at];
        var digits = word.Count(char.IsAsciiDigit);
        if (digits is 0 or > 2)
        {
            return digits > 2;
        }

        return word.AsSpan().ContainsAny("%€$£")
            || word[^1] is 'k' or 'm'
            || Counted.Contains(clause[at + 1]) || Counted.Contains(clause[at + 2]);
    }
}
