DROP TABLE schedule_fires, schedules, schedule_calendars;
