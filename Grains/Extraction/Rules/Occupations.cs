namespace Actors.Extraction.Rules;

/// <summary>What people are by trade or by post.</summary>
internal static class Occupations
{
    private const int MaxWordsBefore = 5;

    private static readonly WordSet Trades = new(
        """
        engineer developer programmer designer teacher nurse doctor physician surgeon dentist paramedic midwife therapist psychologist
        pharmacist veterinarian vet lawyer attorney judge notary accountant auditor controller consultant analyst economist banker broker
        trader manager director executive founder owner entrepreneur investor recruiter secretary assistant clerk receptionist librarian
        journalist editor writer author translator interpreter photographer painter artist musician composer singer actor dancer architect
        carpenter electrician plumber mechanic welder mason roofer gardener farmer baker butcher chef cook waiter bartender barista driver
        pilot sailor captain conductor scientist researcher physicist chemist biologist mathematician statistician historian professor
        lecturer student tutor coach trainer librarian salesperson salesman saleswoman marketer contractor freelancer technician
        administrator admin operator inspector planner surveyor geologist officer soldier firefighter policeman policewoman detective guard
        hairdresser tailor jeweller jeweler optician caterer florist fisherman forester brewer winemaker podcaster producer curator tester
        strategist copywriter illustrator bookkeeper
        """);

    private static readonly WordSet Titles = new(
        """
        cfo ceo cto coo cmo cio ciso head director owner founder co-founder cofounder manager lead chair chairman chairwoman president vp
        treasurer secretary principal
        """);

    private static readonly WordSet OfPlace = new("at for of in with");

    public static bool IsTrade(string word) => Trades.Contains(word);

    public static bool IsTitle(string word) => Titles.Contains(word);

    public static bool IsEither(string word) => IsTrade(word) || IsTitle(word);

    /// <summary>Whether a word introduces where or what for: "nurse at", "head of".</summary>
    public static bool IsOfPlace(string word) => OfPlace.Contains(word);

    /// <summary>Whether the name of a trade, or of what is led, ends here: "nurse at a school", not "nurse shark".</summary>
    public static bool EndsAt(Clause clause, int at) => clause.EndsAt(at) || OfPlace.Contains(clause[at + 1]);

    /// <summary>Whether "a nurse", "head of sales" or the like begins behind a place, or at it.</summary>
    public static bool IsNear(Clause clause, int at) =>
        clause.Has(at, at + MaxWordsBefore, i => IsEither(clause[i]) && (EndsAt(clause, i) || clause[i + 1] == "since"));
}
