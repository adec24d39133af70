namespace DiffusionMesh.Imaging.Tests;

public sealed class ContactSheetTests
{
    private static readonly PixelImage Picture = new(32, 32, 1, Enumerable.Range(0, 1024).Select(i => (byte)(i % 251)).ToArray());

    [Theory]
    [InlineData(1, null, 1, 1)]
    [InlineData(64, null, 8, 8)]
    [InlineData(10, null, 4, 3)]
    [InlineData(10, 5, 5, 2)]
    [InlineData(3, 8, 3, 1)]
    public void Compose_ManyPictures_FillsTheGrid(int pictures, int? columns, int across, int down)
    {
        var cell = ContactSheet.Compose([new(Picture, ["x"])], scale: 2);

        var sheet = ContactSheet.Compose([.. Enumerable.Repeat(new ContactSheetCell(Picture, ["x"]), pictures)], columns, scale: 2);

        Assert.Equal((across * cell.Width, down * cell.Height, 3), (sheet.Width, sheet.Height, sheet.Channels));
    }

    [Fact]
    public void Compose_Scale_DrawsEveryPixelAsASquare()
    {
        var sheet = ContactSheet.Compose([new(Picture, [])], scale: 3);

        var (left, top) = (6, 6);
        for (var y = 0; y < 96; y++)
        {
            for (var x = 0; x < 96; x++)
            {
                var expected = Picture.Pixels.Span[(y / 3 * 32) + (x / 3)];
                Assert.Equal((expected, expected, expected), Pixel(sheet, left + x, top + y));
            }
        }
    }

    [Fact]
    public void Compose_Highlighted_FramesThatPictureAlone()
    {
        var sheet = ContactSheet.Compose([new(Picture, []), new(Picture, [], Highlighted: true)], columns: 2, scale: 1);

        var plain = Pixel(sheet, 5, 5);
        var framed = Pixel(sheet, (sheet.Width / 2) + 5, 5);
        Assert.Equal((255, 255, 255), plain);
        Assert.NotEqual(plain, framed);
    }

    [Fact]
    public void Compose_Captions_DifferByTheirCharacters()
    {
        const string characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.,:-+=/%#*() ";
        var sheets = characters.Select(c => Png.Encode(ContactSheet.Compose([new(Picture, [c.ToString()])]))).ToArray();

        Assert.Equal(characters.Length, sheets.DistinctBy(Convert.ToHexString).Count());
    }

    [Fact]
    public void Compose_LowerCase_LooksLikeUpperCase() => Assert.Equal(
        ContactSheet.Compose([new(Picture, ["CLIP #7"])]).Pixels.ToArray(),
        ContactSheet.Compose([new(Picture, ["clip #7"])]).Pixels.ToArray());

    [Fact]
    public void Compose_LongCaption_StaysInItsCell()
    {
        var sheet = ContactSheet.Compose([new(Picture, [new string('#', 500)]), new(Picture, [])], columns: 2, scale: 1);

        for (var y = 40; y < sheet.Height; y++)
        {
            for (var x = sheet.Width / 2; x < sheet.Width; x++)
            {
                Assert.Equal((255, 255, 255), Pixel(sheet, x, y));
            }
        }
    }

    private static (byte Red, byte Green, byte Blue) Pixel(PixelImage image, int x, int y)
    {
        var at = image.Pixels.Span.Slice(((y * image.Width) + x) * 3, 3);
        return (at[0], at[1], at[2]);
    }
}
