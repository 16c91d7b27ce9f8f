using Actors.Facts;

namespace Actors.Grains.Tests.Facts;

/// <summary>Which sentences about one subject say the same.</summary>
public class NormalTextTests
{
    [Theory]
    [InlineData("Prefers tea.", "prefers TEA")]
    [InlineData("Prefers the tea", "Really prefers tea!")]
    [InlineData("Likes long walks.", "Like a long walk")]
    [InlineData("Doesn't eat meat.", "Doesnt eat the meat")]
    [InlineData("Prefers quiet window seats near the front on long flights with Condor.", "Prefers quiet window seats near the front on long international flights with Condor.")]
    [InlineData("Wohnt in Köln.", "wohnt in Koln")]
    [InlineData("Prefers part-time work in \"C#\".", "prefers part time work in C#!")]
    [InlineData("Needs two seats.", "Need two seats")]
    public void these_say_the_same(string one, string other)
    {
        Assert.True(NormalText.SaysTheSame(one, other));
        Assert.True(NormalText.SaysTheSame(other, one));
    }

    [Theory]
    [InlineData("Prefers tea.", "Prefers coffee.")]
    [InlineData("Prefers tea to coffee.", "Prefers coffee to tea.")]
    [InlineData("Likes tea.", "Does not like tea.")]
    [InlineData("Likes the tea they have at work in winter.", "Never likes the tea they have at work in winter.")]
    [InlineData("Is free before 9.", "Is free after 9.")]
    [InlineData("Works 9 to 17.", "Works 10 to 17.")]
    [InlineData("Prefers quiet window seats on long flights.", "Prefers quiet window seats on 12 long flights.")]
    [InlineData("Prefers green tea.", "Prefers green tea Mondays.")]
    [InlineData("Does not take calls on Friday mornings.", "Does not take calls on Fridays.")]
    [InlineData("All quarterly reports must go to Maria.", "All reports must go to Maria.")]
    [InlineData("Is a vegetarian.", "Was a vegetarian.")]
    [InlineData("Owns a house in Rome.", "Owned a house in Rome.")]
    [InlineData("Smokes.", "Smoked.")]
    [InlineData("Goes to the gym on Mondays.", "Went to the gym on Mondays.")]
    [InlineData("Prefers C++ to Java.", "Prefers C# to Java.")]
    [InlineData("Prefers C to Java.", "Prefers C++ to Java.")]
    [InlineData("Has a budget of $500.", "Has a budget of €500.")]
    [InlineData("Stays below -5 degrees.", "Stays below 5 degrees.")]
    [InlineData("Answers in < 5 s.", "Answers in > 5 s.")]
    [InlineData("Answers in <5 s.", "Answers in >5 s.")]
    [InlineData("Pays 5 % interest.", "Pays 5 interest.")]
    [InlineData("Pays 5% interest.", "Pays 5 interest.")]
    [InlineData("Time zone: UTC+2.", "Time zone: UTC-2.")]
    [InlineData("Email: ada.b@x.com", "Email: ada-b@x.com")]
    [InlineData("Email: ada.b@x.com", "Email: ada_b@x.com")]
    [InlineData("Phone: +49 170 1234567.", "Phone: 49 170 1234567.")]
    [InlineData("Prefers .NET to Java.", "Prefers NET to Java.")]
    [InlineData("🙂", "😡")]
    [InlineData("the", "a")]
    public void these_do_not(string one, string other)
    {
        Assert.False(NormalText.SaysTheSame(one, other));
        Assert.False(NormalText.SaysTheSame(other, one));
    }

    [Fact]
    public void case_punctuation_accents_and_white_space_make_no_difference_to_the_words()
    {
        Assert.Equal("ada wohnt in koln", NormalText.Of("  Ada wohnt — in\n\"Köln\"!"));
        Assert.Equal(NormalText.HashOf("Ada wohnt in Köln."), NormalText.HashOf("ada WOHNT in koln"));
    }

    [Theory]
    [InlineData("My time zone is UTC+2.", "My time zone is UTC-2.")]
    [InlineData("My time zone is UTC-2.", "My time zone is UTC 2.")]
    [InlineData("Mail me at ada.b@x.com.", "Mail me at ada-b@x.com.")]
    [InlineData("My favorite language is C#.", "My favorite language is C.")]
    [InlineData("It was below -5 then.", "It was below 5 then.")]
    public void what_stands_in_words_and_signs_makes_one(string one, string other) => Assert.NotEqual(NormalText.HashOf(one), NormalText.HashOf(other));
}
