namespace Actors.Extraction.Rules;

/// <summary>Whom people work for, the trade they work in, and what they run for a living.</summary>
internal static class Workplaces
{
    private const int MaxEmployerWords = 4;
    private const int MaxAreaWords = 5;

    private static readonly WordSet Holidays = new(
        """
        christmas xmas easter thanksgiving halloween ramadan eid diwali hanukkah passover pentecost carnival midsummer lent purim night
        nights home free once first full times
        """);

    private static readonly WordSet Employers = new(
        """
        firm company brewery bank hospital school university startup start-up agency clinic shop store studio bakery restaurant library
        museum ministry factory hotel practice lab laboratory ngo charity government consultancy publisher newspaper insurer farm nursery
        kindergarten airline carrier manufacturer supplier city council foundation institute bookshop
        """);

    // What somebody runs for a living: not a marathon, a test or a fever.
    private static readonly WordSet Areas = new(
        """
        team teams department group unit division branch site office plant studio shop store bakery restaurant café cafe bar pub hotel
        hostel farm winery brewery company firm business agency practice clinic pharmacy school nursery kindergarten gallery bookshop
        bookstore salon garage workshop consultancy charity foundation start-up startup newsletter podcast magazine purchasing procurement
        marketing sales finance payroll hr recruiting accounting controlling operations logistics it support helpdesk engineering
        development design product qa quality security compliance legal communications pr warehouse production research data infrastructure
        platform onboarding training events facilities fleet
        """);

    // "I run to the shop", "I run every day": on foot.
    private static readonly WordSet BeforeNoArea = new("to by in on my every");

    private static readonly WordSet BehindArea = new("in on with for at every");

    private static readonly WordSet Fields = new(
        """
        logistics finance marketing sales hr accounting it insurance banking healthcare education consulting engineering construction retail
        tourism hospitality publishing advertising law research agriculture manufacturing procurement compliance pharma biotech journalism
        aviation shipping energy fintech
        """);

    public static bool IsField(string word) => Fields.Contains(word);

    /// <summary>Whether what stands at a place is run by people: "the purchasing department", "a small bakery in Ghent".</summary>
    public static bool IsArea(Clause clause, int at)
    {
        if (BeforeNoArea.Contains(clause[at]) || clause.PointsElsewhere(at))
        {
            return false;
        }

        for (var i = at; i < Math.Min(clause.End, at + MaxAreaWords); i++)
        {
            // "The team meetings" are no team.
            if (Areas.Contains(clause[i]) && (Occupations.EndsAt(clause, i) || clause[i + 1] is "and" or "there"))
            {
                return true;
            }

            if (BehindArea.Contains(clause[i]))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether somebody may work there: "at Bosch", "for a small agency".</summary>
    public static bool IsEmployer(Clause clause, int at)
    {
        if (clause.Word(at).IsCapital)
        {
            return !IsTimeOfYear(clause, at);
        }

        return clause[at] is "a" or "an" or "the" && clause.Has(at + 1, at + MaxEmployerWords, i => Employers.Contains(clause[i]));
    }

    private static bool IsTimeOfYear(Clause clause, int at)
    {
        // "At Christmas", not "at Christmas Cards Ltd".
        var goesOn = clause.Word(at).Break == '\0' && clause.Word(at + 1).IsCapital;
        var isNewYear = clause[at] == "new" && clause[at + 1].StartsWith("year", StringComparison.Ordinal);
        return isNewYear || Recurrence.IsDay(clause[at]) || Recurrence.IsManyDays(clause[at]) || (!goesOn && Holidays.Contains(clause[at]));
    }
}
