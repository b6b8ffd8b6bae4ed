import time, pytest
from datetime import date
from handsel.sample.story import tell_story
@pytest.mark.django_db
def test_try():
    import time_machine
    a=time.process_time()
    s=tell_story(date(2026,11,24))
    print("cpu", time.process_time()-a)
    a=time.process_time()
    s=tell_story(date(2026,11,24),twin=True)
    print("cpu", time.process_time()-a)
    for d in range(20,27):
        pass
